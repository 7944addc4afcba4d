"""Pages drawn by scripts: which need a browser (scripted, drawing), and a Chromium without a network (renderer).

Every request of a drawn page is answered by the crawler (answers); process starts and ends the browser, program finds
it.
"""
