"""The crawl's HTTP/1 client: addresses, TLS, connections, and answers read as forgivingly as browsers read them."""
