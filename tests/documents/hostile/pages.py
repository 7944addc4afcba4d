"""Hostile pages, texts and tables in text."""

from __future__ import annotations

from collections.abc import Iterator

from documents.hostile.cases import Case

_HEAD = b"<!doctype html><html><head><meta charset='utf-8'><title>t</title></head><body>"
_TABLE = b"<table><tr><td %s>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
_MANY = 300_000


def cases() -> Iterator[Case]:
    """Each with a name of what it does."""
    for name, body in _pages().items():
        yield Case(f"html {name}", "a.html", lambda b=body: _HEAD + b)
    for charset in ("zlib", "rot13", "hex", "idna", "utf-7", "undefined", "unicode_escape", "utf-16", "x" * 5000):
        head = f"<html><head><meta charset='{charset}'></head><body><p>中文</p>".encode()
        yield Case(f"html in {charset[:20]}", "a.html", lambda b=head: b)
    for name, (file, body) in _texts().items():
        yield Case(f"text {name}", file, lambda b=body: b)


def _pages() -> dict[str, bytes]:
    return {
        "deep": b"<div>" * 200_000 + b"x",
        "deep tables": b"<table><tr><td>" * 20_000 + b"x",
        "deep lists": b"<ul><li>" * 100_000 + b"x",
        "deep inline": b"<b><i>" * 100_000 + b"x",
        "wide span": _TABLE % b"colspan=999999999",
        "high span": _TABLE % b"rowspan=999999999",
        "spans": b"<table>" + b"<tr><td colspan=1000 rowspan=1000>1</td></tr>" * 2000 + b"</table>",
        "odd spans": _TABLE % "colspan=-1 rowspan=٣e9".encode(),
        "cells": b"<table><tr>" + b"<td>1" * _MANY + b"</table>",
        "rows": b"<table>" + b"<tr><td>1<td>2" * (_MANY // 2) + b"</table>",
        "tables": b"<table><tr><td>1<td>2</table>" * 20_000,
        "links": b"<a href='x'>x</a>" * _MANY,
        "breaks": b"<p>" + b"x<br>" * _MANY,
        "attribute": b"<p title='" + b"x" * 12_000_000 + b"'>x</p>",
        "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(_MANY)) + b">x</p>",
        "comment": b"<p>x</p><!--" + b"-" * 5_000_000,
        "script": b"<script>" + b"<p>" * 1_000_000,
        "numbers": b"<p>&#0;&#x110000;&#99999999999;&#xD800;&#55296;</p>" * 5000,
        "entities": b"<!DOCTYPE r [<!ENTITY a 'x'>]><p>" + b"&a;" * 100_000,
        "zeros": b"<p>a\0b</p>" * 50_000,
        "controls": b"<p>\x1b[31m\x07\x08\xe2\x80\xae\xef\xbf\xbf</p>" * 2000,
        "long word": b"<p>" + b"x" * 15_000_000,
        "blanks": b"<p>" + b" \t\n" * 5_000_000,
        "marks": b"<p>" + "a\u0300".encode() * 500_000,
        "heads": b"<h1>x</h1>" * 100_000,
        "title": b"<title>" + b"x" * 5_000_000 + b"</title>",
        "metas": b"<meta name='a' content='b'>" * 100_000,
        "date lines": "<p>发布日期：2024年1月1日 来源：甲</p>".encode() * 20_000,
        "figures": b"<table>" + b"<tr><td>" + b"9" * 5000 + b"<td>1e999<td>-0" * 100 + b"</table>",
        "data picture": b"<img src='data:image/png;base64," + b"A" * 8_000_000 + b"'>",
        "broken data": b"<img src='data:image/png;base64,%%%'><img src='data:,'>" * 1000,
        "address": b"<a href='http://[::1'>x</a><a href='//" + b"a" * 100_000 + b"'>y</a>",
        "forms": b"<form><select><option>" * 50_000,
        "svg": b"<svg><math><foreignObject>" * 20_000 + b"x",
        "open quotes": b'<p class="' * 50_000,
        "less": b"<" * 2_000_000,
    }


def _texts() -> dict[str, tuple[str, bytes]]:
    return {
        "endless line": ("a.txt", b"x" * 15_000_000),
        "lines": ("a.txt", b"1\n" * 2_000_000),
        "quotes": ("a.md", b">" * 200_000 + b" x"),
        "lists": ("a.md", b"".join(b" " * (n % 4000) + b"- x\n" for n in range(5000))),
        "pipes": ("a.md", b"|" * 500_000 + b"\n" + b"|-" * 250_000 + b"|\n" + b"|x" * 250_000 + b"|\n"),
        "table rows": ("a.md", b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 100_000),
        "stars": ("a.md", b"*_`[" * 200_000),
        "brackets": ("a.md", b"[" * 200_000 + b"](" * 100_000),
        "hashes": ("a.md", b"#" * 500_000),
        "zeros": ("a.txt", b"\0" * 1_000_000),
        "bad UTF-16": ("a.txt", b"\xff\xfe" + b"\xd8" * 999_999),
        "endless record": ("a.csv", b"1," * 5_000_000),
        "open quote": ("a.csv", b'"' + b"x,\n" * 4_000_000),
        "many quotes": ("a.csv", b'"",' * 2_000_000),
        "records": ("a.csv", b"1,2,3\n" * 600_000),
        "columns": ("a.csv", (b"," * 100_000 + b"\n") * 20),
        "field": ("a.csv", b"a,b\n" + b"x" * 10_000_000 + b",1\n"),
        "zero bytes": ("a.csv", b"a,\0b\r\0c\n" * 10_000),
        "no line end": ("a.csv", b"a;b\tc|d,e" * 200_000),
        "returns": ("a.csv", b"1,2\r" * 300_000),
    }
