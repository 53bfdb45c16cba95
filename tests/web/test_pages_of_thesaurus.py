"""Thesaurus: browse, see what a name would change, add it."""

from fanal.thesaurus import load


def test_browse_by_class_and_by_any_name(visitor):
    page = visitor("reader").get("/thesaurus?q=kéta").text
    assert 'href="/thesaurus/ketamine"' in page
    assert 'href="/thesaurus/mdma"' in visitor("reader").get("/thesaurus?q=ecsta").text
    klass = load().substances["ketamine"].klass
    assert 'href="/thesaurus/ketamine"' in visitor("reader").get(f"/thesaurus?klass={klass}").text
    page = visitor("reader").get("/thesaurus/ketamine")
    assert "special k" in page.text.lower()
    assert '<form method="post" action="/thesaurus/' not in page.text
    assert visitor("reader").get("/thesaurus/nonsense").status_code == 404


def test_a_name_is_added_once_its_change_was_seen(app, visitor):
    client = visitor("analyst")
    form = {"alias": "zzgrolat", "language": "fr", "kind": "street", "ambiguity": "plain"}
    seen = client.post("/thesaurus/ketamine", data=form)
    assert seen.status_code == 200
    assert "Ce qui changerait" in seen.text
    assert "zzgrolat" not in {a.alias for a in app.state.ws.thesaurus().aliases}
    done = client.post("/thesaurus/ketamine", data=form | {"sure": "yes"})
    assert done.headers["location"] == "/thesaurus/ketamine?done=named"
    assert "zzgrolat" in {a.alias for a in app.state.ws.thesaurus().aliases}
    again = client.post("/thesaurus/ketamine", data=form | {"sure": "yes"})
    assert again.status_code == 400
    assert "zzgrolat" in visitor("reader").get("/thesaurus").text


def test_a_name_that_was_added_here_is_taken_out(app, visitor):
    client = visitor("analyst")
    form = {"alias": "zzprune", "language": "fr", "kind": "street", "ambiguity": "plain"}
    client.post("/thesaurus/ketamine", data=form | {"sure": "yes"})
    assert "<option>zzprune</option>" in client.get("/thesaurus/ketamine").text
    gone = {"alias": "zzprune"}
    assert visitor("reader").post("/thesaurus/ketamine/removed", data=gone).status_code == 403
    done = client.post("/thesaurus/ketamine/removed", data=gone)
    assert done.headers["location"] == "/thesaurus/ketamine?done=unnamed"
    assert "zzprune" not in {a.alias for a in app.state.ws.thesaurus().aliases}
    for name in ("zzprune", "special k", ""):  # gone, ships, nothing
        answer = client.post("/thesaurus/ketamine/removed", data={"alias": name})
        assert answer.status_code == 400
    assert "special k" in client.get("/thesaurus/ketamine").text.lower()


def test_a_name_of_another_substance_is_told(visitor):
    form = {"alias": "coke", "language": "fr", "kind": "street", "ambiguity": "plain"}
    page = visitor("analyst").post("/thesaurus/ketamine", data=form).text
    assert "Cocaïne" in page or "cocaïne" in page


def test_wrong_additions_are_refused(visitor):
    client = visitor("analyst")
    for form in ({"alias": ""}, {"alias": "x", "kind": "y", "sure": "1"},
                 {"alias": "a\tb", "sure": "1"}):  # fmt: skip
        assert client.post("/thesaurus/ketamine", data=form).status_code == 400
    for form in ({"id": "Ké ta"}, {"id": "ketamine", "label_fr": "a", "label_en": "b"}):
        assert client.post("/thesaurus", data=form).status_code == 400
    assert client.post("/thesaurus/nonsense", data={"alias": "x"}).status_code == 404
    for who in ("reader", "observer", "paris"):
        assert visitor(who).post("/thesaurus/ketamine", data={"alias": "x"}).status_code == 403


def test_a_substance_is_added(app, visitor):
    new = {"id": "zz-1p", "label_fr": "Zz", "label_en": "Zz", "klass": "stimulants"}
    klass = load().substances["cocaine"].klass
    answer = visitor("analyst").post("/thesaurus", data=new | {"klass": klass})
    assert answer.headers["location"] == "/thesaurus/zz-1p?done=changed"
    assert "zz-1p" in app.state.ws.thesaurus().substances
