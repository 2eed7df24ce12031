"""The command `backflow`. Thin, because each engine process imports this module again when it is spawned."""


def main() -> int:
    """Runs the playground until it is interrupted; the exit code."""
    from server.command_line import main as run

    return run()


if __name__ == "__main__":
    raise SystemExit(main())
