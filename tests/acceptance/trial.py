"""A small observatory that a test describes, fills and asks, as users do."""

from command_line import said

import fanal

SOURCE = (
    'name = "{}"\ntitle = "INVENTED"\npublisher = "essai"\nkind = "{}"\nsite = "lille"\n'
    'legal_basis = "essai"\ninvented = true\nreview = "none"\nreview_reason = "essai"\n'
)
LAB, TABLE, POSTS = "lab", "official table", "public posts"
TALK, NOTES, PRESS = "interview", "field notes", "press"


class Place:
    """An observatory, its sources numbered as they are described."""

    def __init__(self, folder):
        self.folder, self.at, self.sources = folder, folder / "observatory", 0
        said("init", self.at, "--title", "Essai", "--site", "lille")

    def source(self, kind, more="", code=0):
        self.sources += 1
        path = self.folder / f"s{self.sources}.toml"
        path.write_text(SOURCE.format(path.stem, kind) + more, "utf-8")
        told = said("source", "add", path, "--dir", self.at, code=code)
        return path.stem if code == 0 else told

    def ingest(self, source, *files, code=0):
        """Bring in files, each a name and what stands in it; return their reckonings."""
        self.sources += 1
        folder = self.folder / f"files{self.sources}"
        folder.mkdir()
        for name, content in files:
            (folder / name).write_text(content, "utf-8")
        paths = sorted(folder.iterdir())
        return said("ingest", *paths, "--source", source, "--dir", self.at, code=code)["rows"]

    def read(self, source, name, content, code=0):
        (told,) = self.ingest(source, (name, content), code=code)
        return told["importer"], told["read"], told["documents"]

    def ask(self, query, *values):
        with fanal.open(self.at) as observatory:
            return [tuple(row.values()) for row in observatory.tables.rows(query, list(values))]

    def texts(self, source):
        query = "SELECT text FROM documents WHERE source = ? ORDER BY position"
        return [text for (text,) in self.ask(query, source)]

    def found(self, reference):
        rows = said("lab", "result", reference, "--dir", self.at)["rows"]
        return [(r["substance"], r["amount"], r["unit"], r["day"]) for r in rows]
