#!/usr/bin/env python3
"""Score quotes on texts whose marks, letters and paragraphs were changed, as careless copies change them.

usage: robustness.py LAGEBILD [--shared DIR]

Each change is made to the development texts of wikinews_quotes; what lagebild finds is mapped back to the text as it was and
scored by DIR/eval/score_quotes.py. A span that does not map back to where it stood ends the run with an error.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile



def straight(char, index, text):
    return '"' if char in "„“”»«" else char


def guillemets(char, index, text):
    return {"„": "»", "“": "«", "”": "«"}.get(char, char)


def swiss(char, index, text):
    return {"„": "«", "“": "»", "”": "»", "ß": "ss"}.get(char, char)


def english(char, index, text):
    return {"„": "“", "“": "”"}.get(char, char)


def no_marks(char, index, text):
    return "" if char in "„“”»«\"" else char


def no_closing(char, index, text):
    return "" if char in "“”«" else char


def capitals(char, index, text):
    return char.upper()


def small(char, index, text):
    return char.lower()


def no_umlauts(char, index, text):
    return {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}.get(char, char)


def one_paragraph(char, index, text):
    return " " if char == "\n" else char


CHANGES = [("as it is", lambda char, index, text: char), ("straight marks", straight), ("guillemets", guillemets),
           ("Swiss marks, no ß", swiss), ("English marks", english), ("no closing marks", no_closing), ("no marks", no_marks),
           ("no umlauts (ae, ss)", no_umlauts), ("one paragraph", one_paragraph), ("all small", small), ("all caps", capitals)]


class Changed:
    """A text with its characters replaced, and the way back from its bytes to the bytes of the original."""

    def __init__(self, text, change):
        self.original = text
        self.to_original = {}
        parts, begin, original_begin = [], 0, 0
        for index, char in enumerate(text):
            new = change(char, index, text)
            for part in new:
                self.to_original[begin] = original_begin
                begin += len(part.encode())
            original_begin += len(char.encode())
            parts.append(new)
        self.to_original[begin] = original_begin
        self.text = "".join(parts)
        self.original_bytes = text.encode()

    def back(self, value):
        if isinstance(value, list):
            return [self.back(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "end" in value and "text" in value:
            begin, end = self.to_original[value.get("begin", 0)], self.to_original[value["end"]]
            # What was left out between them belongs to neither.
            return {"begin": begin, "end": end, "text": self.original_bytes[begin:end].decode()}
        return {key: self.back(item) for key, item in value.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild", type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[3] / "shared")
    args = parser.parse_args()
    scorer = args.shared / "eval" / "score_quotes.py"
    gold = args.shared / "corpora" / "wikinews_quotes" / "dev"
    exported = subprocess.run([scorer, "--export", gold], capture_output=True, text=True, check=True).stdout
    documents = [json.loads(line) for line in exported.splitlines()]
    print(f"{'change':22} Message  Roles  Joint   Kind")
    for name, change in CHANGES:
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work)
            texts = {document["id"]: Changed(document["text"], change) for document in documents}
            (folder / "in.jsonl").write_text(
                "".join(json.dumps({**document, "text": texts[document["id"]].text}) + "\n" for document in documents))
            (folder / "out").mkdir()
            subprocess.run([args.lagebild.resolve(), "analyze", "--jsonl", folder / "in.jsonl", "--output-dir", folder / "out"],
                           check=True, capture_output=True)
            for path in (folder / "out").glob("*.json"):
                extraction = json.loads(path.read_text())
                path.write_text(json.dumps(texts[extraction["documentId"]].back(extraction)))
            scores = subprocess.run([scorer, "--output", folder / "out", gold], capture_output=True, text=True, check=True).stdout
        f1 = dict(re.findall(r"^(message|Roles|Joint|Kind)\s+P.*F1\s+([\d.]+)$", scores, re.M))
        print(f"{name:22} {f1['message']:>7} {f1['Roles']:>6} {f1['Joint']:>6} {f1['Kind']:>6}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
