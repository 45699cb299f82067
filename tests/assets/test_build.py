"""Asset build: linked files get the best compression, others a quick one."""

import brotli

from assets.build import Assets


def test_only_what_pages_link_to_is_compressed_slowly(tmp_path, monkeypatch):
    pages = tmp_path / "pages"
    (pages / "js").mkdir(parents=True)
    (pages / "index.html").write_text('<script type="module" src="/js/page.js"></script>', encoding="utf-8")
    (pages / "js" / "page.js").write_text('import "./part.js";\n', encoding="utf-8")
    (pages / "js" / "part.js").write_text("one();\n", encoding="utf-8")
    qualities, compress = {}, brotli.compress

    def watched(body, quality):
        qualities[body] = quality
        return compress(body, quality=quality)

    monkeypatch.setattr("assets.build.brotli.compress", watched)
    assets = Assets(pages)
    folder = assets.folder_in(tmp_path / "place")
    found = {name: qualities[body] for name, body in assets.files.items() if name.startswith(("/js/", "/index"))}
    assert found == {"/index.html": 11, "/js/bundles/page.js": 11, "/js/page.js": 5, "/js/part.js": 5}
    assert brotli.decompress((folder / "js" / "part.js.br").read_bytes()) == b"one();\n"
