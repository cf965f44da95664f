"""The border: settings, the build, the command line, HTTP and web pages."""
