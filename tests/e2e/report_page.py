# SPDX-License-Identifier: Apache-2.0
# Reads a page of `pale report` and holds it to what every such page promises:
#	report_page.py PAGE [RECORDING...]	its structure, and the counts of the recordings
#	report_page.py PAGE --row TABLE NAME TEXT...	the row whose first cell begins with NAME has TEXT
#	report_page.py PAGE --says TEXT...	the words stand on the page, as text
#	report_page.py PAGE --lacks TEXT...	or do not
# Prints what is wrong and exits 1.
import html.parser
import pathlib
import re
import sys
import unicodedata

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from recording import load  # noqa: E402

VOID = {"meta", "br", "hr", "img", "link", "input", "col"}
# What a page is made of. Nothing here runs, loads or sends anything.
ELEMENTS = set("""html head meta title style body main header nav section h1 h2 h3 p ul li dl dt dd
    table caption thead tbody tfoot tr th td details summary div span strong code bdi a""".split())
ATTRIBUTES = set("""lang charset content name http-equiv id class style href scope colspan aria-label
    aria-labelledby aria-hidden""".split())
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def wrong(why):
    print("FAIL:", why)
    sys.exit(1)


class Page(html.parser.HTMLParser):
    """A page as text, tables and what it refers to."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.links, self.tables, self.metas = [], [], [], [], {}
        self.text, self.style, self.headings = [], "", []
        self.cell = None
        self.feed(source)
        self.close()
        if self.stack:
            wrong(f"not closed: {self.stack}")
        self.words = " ".join("".join(self.text).split())

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            wrong(f"<{tag}> at {self.getpos()}")
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            wrong(f"an attribute twice at {self.getpos()}")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                wrong(f"attribute {name}={value!r} at {self.getpos()}")
            if name == "style" and not re.fullmatch(r"width:\d+\.\d%|flex:\d+", value):
                wrong(f"style {value!r}")
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag == "meta":
            self.metas[values.get("name") or values.get("http-equiv") or "charset"] = values
            return
        if tag == "html" and values.get("lang") != "en":
            wrong("no language")
        if tag == "table":
            self.tables.append({"class": values["class"].split(), "rows": [], "caption": ""})
        if tag in ("th", "td") and self.tables:
            self.cell = {"tag": tag, "text": "", "scope": values.get("scope"),
                         "span": int(values.get("colspan", 1))}
        if tag == "tr":
            self.tables[-1]["rows"].append([])
        self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID or not self.stack or self.stack[-1] != tag:
            wrong(f"</{tag}> in {self.stack} at {self.getpos()}")
        self.stack.pop()
        if tag in ("th", "td"):
            self.cell["text"] = " ".join(self.cell["text"].split())
            self.tables[-1]["rows"][-1].append(self.cell)
            self.cell = None
        if tag not in ("span", "bdi", "code", "strong", "a"):
            self.text.append(" ")

    def handle_data(self, data):
        if not self.stack:
            return
        if self.stack[-1] == "style":
            self.style += data
            return
        self.text.append(data)
        if self.cell is not None:
            self.cell["text"] += data
        if self.stack[-1] == "caption":
            self.tables[-1]["caption"] += data
        if self.stack[-1] in ("h1", "h2", "h3"):
            self.headings.append(int(self.stack[-1][1]))

    def handle_comment(self, data):
        wrong(f"a comment: {data!r}")


def check_structure(page, source):
    if not source.startswith("<!DOCTYPE html>\n"):
        wrong("no doctype")
    if page.metas["charset"]["charset"] != "utf-8":
        wrong("no charset")
    if page.metas["Content-Security-Policy"]["content"] != POLICY:
        wrong("its policy is another")
    if "width=device-width" not in page.metas["viewport"]["content"]:
        wrong("no viewport")
    if len(page.ids) != len(set(page.ids)):
        wrong("an id twice")
    for link in page.links:
        if not link.startswith("#") or link[1:] not in page.ids:
            wrong(f"a link to {link}")
    if re.search(r"url\(|@import|https?:|//", page.style):
        wrong("the style refers to something")
    for needed in ("prefers-color-scheme: dark", "@media print", "max-width"):
        if needed not in page.style:
            wrong(f"the style has no {needed}")
    if page.headings.count(1) != 1 or page.headings[0] != 1:
        wrong("not one h1")
    for last, level in zip(page.headings, page.headings[1:]):
        if level > last + 1:
            wrong("a heading is left out")
    for letter in source:
        if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter not in "\n":
            wrong(f"a letter that nobody sees: {letter!r}")
    for table in page.tables:
        check_table(table)


def check_table(table):
    if not table["caption"]:
        wrong("a table without caption")
    head, *rows = table["rows"]
    if any(cell["tag"] != "th" or cell["scope"] != "col" for cell in head):
        wrong(f"the head of {table['caption']}")
    for row in rows:
        if sum(cell["span"] for cell in row) != len(head):
            wrong(f"a row of {table['caption']} has {len(row)} cells, not {len(head)}")
        if len(row) > 1 and (row[0]["tag"] != "th" or row[0]["scope"] != "row"):
            wrong(f"a row of {table['caption']} without a head")


def rows_of(page, name):
    return [row for table in page.tables if name in table["class"] for row in table["rows"][1:]]


def check_counts(page, recordings):
    """Every call of the recordings has a row with its count, the most frequent first."""
    counts = {}
    for path in recordings:
        for run in load(path):
            for executable in run["executables"]:
                for call in executable["calls"]:
                    key = call["abi"], call["number"], call["call"] or f"number {call['number']}"
                    counts[key] = counts.get(key, 0) + call["count"]
    rows = [row for row in rows_of(page, "calls") if len(row) > 1]
    seen = [(row[0]["text"], int(re.sub(r"\D", "", row[1]["text"]))) for row in rows]
    bare = [(name, count) for (_, _, name), count in counts.items()]
    named = [(f"{name} {abi}", count) for (abi, _, name), count in counts.items()]
    # The ABI is told where the recording or the policy has several.
    one = len({abi for abi, _, _ in counts}) == 1
    if sorted(seen) != sorted(named) and not (one and sorted(seen) == sorted(bare)):
        wrong(f"calls: {sorted(set(seen) ^ set(named))}")
    if [count for _, count in seen] != sorted((count for _, count in seen), reverse=True):
        wrong("the calls are out of order")
    if f"{sum(counts.values()):,}" not in page.words:
        wrong(f"the sum of {sum(counts.values()):,} calls is not told")


def main(path, *arguments):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    page = Page(source)
    if arguments[:1] == ("--row",):
        _, table, name, *texts = arguments
        rows = [row for row in rows_of(page, table) if row[0]["text"].startswith(name)]
        if len(rows) != 1:
            wrong(f"{len(rows)} rows for {name}")
        text = " | ".join(cell["text"] for cell in rows[0][1:])
        for wanted in texts:
            if wanted not in text:
                wrong(f"{name}: '{text}', not '{wanted}'")
    elif arguments[:1] == ("--says",):
        for wanted in arguments[1:]:
            if wanted not in page.words:
                wrong(f"it does not say '{wanted}'")
    elif arguments[:1] == ("--lacks",):
        for unwanted in arguments[1:]:
            if unwanted in page.words:
                wrong(f"it says '{unwanted}'")
    else:
        check_structure(page, source)
        if arguments:
            check_counts(page, arguments)


main(*sys.argv[1:])
