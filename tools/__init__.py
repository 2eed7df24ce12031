"""What the Makefile and the package's build need around the program itself. Standard library only."""
