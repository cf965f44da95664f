"""Web pages: server-rendered, Vietnamese first with an English switch, readable without JavaScript."""
