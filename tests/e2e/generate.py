"""Makes varied articles: other texts, names, numbers and dates, so that documents are no copies of each other.

Names follow a steep curve as in news: a few persons, bodies and places are in many articles, most in few. A kilobyte holds
about as many claims, figures and events as one of real news, since what a document costs depends on them. An article is a
function of its number and the seed.

usage: generate.py COUNT [SEED] [BYTES] > articles.jsonl
"""
import datetime
import itertools
import json
import random
import sys

FIRST = ["Marlene", "Hagen", "Thekla", "Ruben", "Silvan", "Dörte", "Emre", "Ilka", "Jost", "Nele", "Pavlo", "Wiebke",
         "Anselm", "Birte", "Carsten", "Elif", "Frauke", "Gesine", "Henrik", "Imke", "Jannis", "Karola", "Lorenz", "Mechthild"]


def compounds(heads, tails):
    """Every head with every tail, the pairs spread so that neighbours in the list look different."""
    pairs = [head + tail for head, tail in itertools.product(heads, tails)]
    random.Random("names").shuffle(pairs)
    return pairs


LAST = compounds(["Oder", "Witt", "Barn", "Falken", "Prenz", "Holler", "Tann", "Straus", "Neu", "Pasen", "Hrad", "Linden",
                  "Kestr", "Merl", "Zossen", "Grün", "Stolp", "Rohr", "Eiben", "Quast"],
                 ["bruch", "kopf", "im", "ried", "low", "busch", "wald", "berg", "hardt", "ke", "enk", "au", "inger", "thal",
                  "mann", "reuter", "hagen", "meier"])
PLACES = compounds(["Alten", "Bren", "Vel", "Nieder", "Grünz", "Stolzen", "Marn", "Hohen", "Kalt", "Ober", "Rauten", "Wend"],
                   ["werda", "now", "mar", "lohe", "ig", "bach", "itz", "rode", "furt", "dorf", "hausen", "stedt"])
OFFICES = ["Bürgermeister", "Polizeisprecher", "Landrat", "Ministerin", "Staatsanwältin", "Feuerwehrchef",
           "Gewerkschafterin", "Vorstandschef", "Abgeordneter", "Sprecherin"]
BODIES = ["die Polizei", "die Kreisverwaltung", "das Ministerium", "die Staatsanwaltschaft", "das Klinikum",
          "die Feuerwehr", "der Landtag", "das Umweltamt", "die Gewerkschaft", "der Betreiber"]
THINGS = ["Verletzte", "Soldaten", "Einwohner", "Demonstranten", "Fahrzeuge", "Häuser", "Beschäftigte", "Anträge"]
WORKS = compounds(["Hafen", "Wasser", "Schul", "Bahn", "Klinik", "Stadt", "Strom", "Wald", "Markt", "Brücken", "Grenz", "Deich"],
                  ["sperrung", "sanierung", "planung", "prüfung", "reform", "debatte", "vergabe", "öffnung", "sicherung", "messe"])
MONTHS = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember"]


# Share of the sentences that state something.
STATEMENTS = 0.36


def often(rng, values):
    """A value of a list whose beginning is taken more often."""
    return values[int(len(values) * rng.random() ** 3)]


SCENES = ["Auf dem Marktplatz", "Vor dem Rathaus", "Am Ufer", "In der Altstadt", "Am Stadtrand", "Hinter dem Bahnhof",
          "In der Turnhalle", "Auf der Landstraße", "Neben der Kirche", "Im Gewerbegebiet"]
MOMENTS = ["am frühen Morgen", "gegen Mittag", "am späten Abend", "nach dem Regen", "in der Dämmerung", "seit Tagen",
           "an den Wochenenden", "bei klarem Himmel", "im dichten Nebel", "nach der Pause"]
PEOPLE = compounds(["Markt", "Bahn", "Land", "Schul", "Hafen", "Wald", "Dorf", "Berg"],
                   ["arbeiter", "besucher", "nachbarn", "helfer", "händler", "wächter", "boten", "gäste"])
OBJECTS = compounds(["Holz", "Metall", "Wasser", "Papier", "Glas", "Stein", "Draht", "Leder", "Salz", "Torf"],
                    ["kisten", "platten", "rohre", "körbe", "stapel", "säcke", "rahmen", "fässer"])
ADJECTIVES = ["schwere", "alte", "leere", "neue", "breite", "nasse", "graue", "helle", "lange", "kleine"]
DEEDS = ["trugen", "suchten", "sammelten", "verkauften", "ordneten", "bewachten", "reparierten", "bemalten"]
HAPPENINGS = ["stürzte eine Mauer ein", "brannte eine Scheune", "begann die Feuerwehrübung", "entgleiste ein Güterzug",
              "endete der Streik", "wurde eine Brücke eröffnet", "explodierte ein Kessel", "kam es zu einem Unfall"]


def narration(rng, day):
    """A sentence that tells without anybody claiming."""
    place, other, work = often(rng, PLACES), often(rng, PLACES), often(rng, WORKS)
    scene, moment, people = rng.choice(SCENES), rng.choice(MOMENTS), often(rng, PEOPLE)
    things, deed = f"{rng.choice(ADJECTIVES)} {often(rng, OBJECTS)}", rng.choice(DEEDS)
    kind = rng.randrange(9)
    if kind == 0:
        return (f"{scene} von {place} {deed} {people} {moment} {things}, während die Busse aus {other} mit viel Verspätung an "
                "der Haltestelle standen.")
    if kind == 1:
        return f"{scene} lagen {moment} {things}, daneben {rng.choice(ADJECTIVES)} {often(rng, OBJECTS)} und ein umgestürzter Karren."
    if kind == 2:
        return (f"Der Weg dorthin führt von {place} über {other} bis zu einer Halle, in der {people} {moment} {things} "
                f"und {often(rng, OBJECTS)} lagern.")
    if kind == 3:
        return f"Die {work} ist in {place} seit langem ein Thema, nicht nur bei denen, die nahe der Baustelle wohnen."
    if kind == 4:
        happened = day - datetime.timedelta(days=rng.randint(0, 20))
        return (f"Am {happened.day}. {MONTHS[happened.month - 1]} {rng.choice(HAPPENINGS)}, und zwar ganz in der Nähe von {place} "
                f"an der Straße nach {other}.")
    if kind == 5:
        return f"{moment[0].upper()}{moment[1:]} {deed} {people} {things}, bevor es {scene[0].lower()}{scene[1:]} wieder still wurde."
    if kind == 6:
        return (f"Zwischen {place} und {other} liegen Felder, ein Kanal und ein Wald, durch den {people} {moment} mit ihren "
                f"Karren und {things} ziehen.")
    if kind == 7:
        return f"In der Nacht {rng.choice(HAPPENINGS)}, auf der Strecke nach {place} blieb es dennoch bei der gewohnten Ordnung."
    return f"Wer heute nach {place} kommt, sieht {things}, geschlossene Läden und {people}, die {moment} vor der Tür sitzen."


def statement(rng, day):
    """A sentence that somebody claims, or that counts something."""
    name = f"{often(rng, FIRST)} {often(rng, LAST)}"
    place, other, office, body = often(rng, PLACES), often(rng, PLACES), rng.choice(OFFICES), rng.choice(BODIES)
    number, thing, work = rng.randint(3, 90000), rng.choice(THINGS), often(rng, WORKS)
    said = day - datetime.timedelta(days=rng.randint(0, 40))
    date = f"{said.day}. {MONTHS[said.month - 1]}"
    kind = rng.randrange(12)
    if kind == 0:
        return f"Nach Angaben von {office} {name} sind in {place} rund {number} {thing} betroffen."
    if kind == 1:
        return f"„Wir rechnen mit mindestens {number} {thing}“, sagte {name} am {date} in {place}."
    if kind == 2:
        return f"{name} erklärte, die Lage in {place} sei seit dem {date} unter Kontrolle."
    if kind == 3:
        return f"{body[0].upper()}{body[1:]} bestätigte, dass {number} {thing} gezählt worden seien."
    if kind == 4:
        return f"In {place} sollen bis zu {number} {thing} angekommen sein."
    if kind == 5:
        return f"{office} {name} wies den Bericht über {number} {thing} in {place} zurück."
    if kind == 6:
        return f"Der Weg von {place} nach {other} bleibt bis zum {date} gesperrt, teilte {body} mit."
    if kind == 7:
        return f"Die Zahl der {thing} stieg laut {name} auf {number}."
    if kind == 8:
        return f"Die Kosten der {work} in {place} lagen {rng.randint(1990, 2029)} bei {number} Euro."
    if kind == 9:
        return f"{name} warnte vor Folgen der {work} für {place} und {other}."
    if kind == 10:
        return f"Zwischen {place} und {other} fuhren am {date} keine Züge."
    return f"„Die {work} kommt zu spät“, kritisierte {name} aus {other}."


def sentence(rng, day):
    return statement(rng, day) if rng.random() < STATEMENTS else narration(rng, day)


def article(number, seed=0, size=None):
    """An article of three to eight paragraphs, or of about so many bytes."""
    rng = random.Random(f"{seed}/{number}")
    day = datetime.date(2030, 1, 1) + datetime.timedelta(days=rng.randint(0, 700))
    paragraphs, length, count = [], 0, rng.randint(3, 8)
    while length < size if size else len(paragraphs) < count:
        paragraphs.append(" ".join(sentence(rng, day) for _ in range(rng.randint(2, 5))))
        length += len(paragraphs[-1].encode()) + 2
    return {"id": f"generated-{seed}-{number}", "text": "\n\n".join(paragraphs), "published": day.isoformat(),
            "outlet": f"Blatt {rng.randint(1, 20)}"}


if __name__ == "__main__":
    SEED = sys.argv[2] if len(sys.argv) > 2 else 0
    SIZE = int(sys.argv[3]) if len(sys.argv) > 3 else None
    for i in range(int(sys.argv[1])):
        print(json.dumps(article(i, SEED, SIZE), ensure_ascii=False))
