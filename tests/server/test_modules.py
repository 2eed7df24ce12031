from __future__ import annotations

from pathlib import Path

from server.modules import imported_modules


def test_modules_are_found_through_imports_of_every_form_and_named_once(tmp_path: Path) -> None:
    (tmp_path / "views").mkdir()
    (tmp_path / "main.js").write_text(
        '/** @import {State} from "./types.js" */\n'
        'import { a } from "./a.js";\nimport {\n  b,\n  c,\n} from "./views/b.js";\nexport * from "./views/b.js";\n'
        'const late = () => import("./late.js");\n'
    )
    (tmp_path / "a.js").write_text('import "./views/b.js";\n')
    (tmp_path / "views" / "b.js").write_text('import { a } from "../a.js";\nimport { own } from "./own.js";\n')
    for name in ("types.js", "late.js", "views/own.js"):
        (tmp_path / name).write_text("export {};\n")
    assert imported_modules(tmp_path, "main.js") == ["a.js", "views/b.js", "views/own.js"]
