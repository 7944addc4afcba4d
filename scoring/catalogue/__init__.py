"""What a body has to disclose item by item: directories as data, and where on a site an item is to be found."""
