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
STATEMENT_SHARE = 0.36


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


NARRATION = [
    "{scene} von {place} {deed} {people} {moment} {things}, während die Busse aus {other} mit viel Verspätung an der Haltestelle "
    "standen.",
    "{scene} lagen {moment} {things}, daneben {more_things} und ein umgestürzter Karren.",
    "Der Weg dorthin führt von {place} über {other} bis zu einer Halle, in der {people} {moment} {things} und {objects} lagern.",
    "Die {work} ist in {place} seit langem ein Thema, nicht nur bei denen, die nahe der Baustelle wohnen.",
    "Am {happened} {happening}, und zwar ganz in der Nähe von {place} an der Straße nach {other}.",
    "{moment_first} {deed} {people} {things}, bevor es {scene_inside} wieder still wurde.",
    "Zwischen {place} und {other} liegen Felder, ein Kanal und ein Wald, durch den {people} {moment} mit ihren Karren und {things} "
    "ziehen.",
    "In der Nacht {happening}, auf der Strecke nach {place} blieb es dennoch bei der gewohnten Ordnung.",
    "Wer heute nach {place} kommt, sieht {things}, geschlossene Läden und {people}, die {moment} vor der Tür sitzen.",
]
STATEMENTS = [
    "Nach Angaben von {office} {name} sind in {place} rund {number} {thing} betroffen.",
    "„Wir rechnen mit mindestens {number} {thing}“, sagte {name} am {said} in {place}.",
    "{name} erklärte, die Lage in {place} sei seit dem {said} unter Kontrolle.",
    "{body_first} bestätigte, dass {number} {thing} gezählt worden seien.",
    "In {place} sollen bis zu {number} {thing} angekommen sein.",
    "{office} {name} wies den Bericht über {number} {thing} in {place} zurück.",
    "Der Weg von {place} nach {other} bleibt bis zum {said} gesperrt, teilte {body} mit.",
    "Die Zahl der {thing} stieg laut {name} auf {number}.",
    "Die Kosten der {work} in {place} lagen {year} bei {number} Euro.",
    "{name} warnte vor Folgen der {work} für {place} und {other}.",
    "Zwischen {place} und {other} fuhren am {said} keine Züge.",
    "„Die {work} kommt zu spät“, kritisierte {name} aus {other}.",
]


def before(rng, day, most):
    """A day up to so many days before, in words."""
    told = day - datetime.timedelta(days=rng.randint(0, most))
    return f"{told.day}. {MONTHS[told.month - 1]}"


def first(text, change):
    return change(text[0]) + text[1:]


def narration(rng, day):
    """A sentence that tells without anybody claiming."""
    scene, moment = rng.choice(SCENES), rng.choice(MOMENTS)
    return rng.choice(NARRATION).format(
        place=often(rng, PLACES), other=often(rng, PLACES), work=often(rng, WORKS), scene=scene,
        scene_inside=first(scene, str.lower), moment=moment, moment_first=first(moment, str.upper),
        people=often(rng, PEOPLE), things=f"{rng.choice(ADJECTIVES)} {often(rng, OBJECTS)}",
        more_things=f"{rng.choice(ADJECTIVES)} {often(rng, OBJECTS)}", objects=often(rng, OBJECTS),
        deed=rng.choice(DEEDS), happening=rng.choice(HAPPENINGS), happened=before(rng, day, 20))


def statement(rng, day):
    """A sentence that somebody claims, or that counts something."""
    body = rng.choice(BODIES)
    return rng.choice(STATEMENTS).format(
        name=f"{often(rng, FIRST)} {often(rng, LAST)}", place=often(rng, PLACES), other=often(rng, PLACES),
        office=rng.choice(OFFICES), body=body, body_first=first(body, str.upper), number=rng.randint(3, 90000),
        thing=rng.choice(THINGS), work=often(rng, WORKS), said=before(rng, day, 40), year=rng.randint(1990, 2029))


def sentence(rng, day):
    return statement(rng, day) if rng.random() < STATEMENT_SHARE else narration(rng, day)


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
