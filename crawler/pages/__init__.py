"""What an HTML page says about itself: links, dates, breadcrumb, metadata block, footer, main text."""
