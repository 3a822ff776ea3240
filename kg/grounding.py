"""Phrases to concepts: what "e-mail addresses", "our ad partners" or "to detect fraud" stand for.

The words come from the ontology's Turtle: ``skos:prefLabel`` and ``skos:altLabel`` are names of
a concept, and a gazetteer may look for them anywhere in a text. ``skos:hiddenLabel`` holds what
only helps once a phrase is known to name something of a scheme:

- ``"=page"``: a word too common to be looked for, but good as the whole of a phrase;
- ``"+anonymous|anonymized"``: words that decide about a phrase when they stand before its head;
- ``"send*|deliver* newsletter*"``: a pattern. Every part has to occur in the phrase, in any
  order; ``|`` parts alternatives, ``*`` stands for any ending.

A phrase is tried in turn as it is, without inflection, by its head, and with a slip of spelling
allowed. Data, recipients and purposes that nothing fits become a policy's own concept under the
nearest known one: a wrong concept is worse than an own one.

No rdflib here: sentences come by the thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kg import iris, resources
from kg.iris import BASE, PF

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

#: The files with words in them, in the order in which they are read.
CONCEPT_FILES = (
    "actions.ttl",
    "data.ttl",
    "recipients.ttl",
    "companies.ttl",
    "purposes.ttl",
    "bases.ttl",
    "places.ttl",
    "rights.ttl",
)


class Scheme(StrEnum):
    """The kinds of concept that a phrase can be grounded to."""

    DATA = "data"
    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    PLACE = "place"
    BASIS = "basis"
    SAFEGUARD = "safeguard"


class Match(StrEnum):
    """How a phrase was found, from the surest to the least sure."""

    EXACT = "exact"
    INFLECTED = "inflected"
    HEAD = "head"
    FUZZY = "fuzzy"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Grounding:
    """What a phrase stands for.

    Attributes:
        broader: of a policy's own concept, IRI of the ontology's concept above it.
    """

    iri: str
    label: str
    match: Match
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A country, or a state of the United States, named by its ISO 3166 code."""

    iri: str
    label: str
    names: tuple[str, ...]
    broader: str


_SCHEMES = {
    PF + "DataScheme": Scheme.DATA,
    PF + "RecipientScheme": Scheme.RECIPIENT,
    PF + "PurposeScheme": Scheme.PURPOSE,
    PF + "PlaceScheme": Scheme.PLACE,
    PF + "BasisScheme": Scheme.BASIS,
    PF + "SafeguardScheme": Scheme.SAFEGUARD,
}
#: Where a policy's own concepts hang when nothing nearer is known.
_TOP = {
    Scheme.DATA: PF + "Data",
    Scheme.RECIPIENT: PF + "Recipient",
    Scheme.PURPOSE: PF + "Purpose",
}

# --- Words -------------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SPELLING = (
    (re.compile(r"[\u2018\u2019\u02bc`´]"), "'"),
    (re.compile(r"\b(?:[a-z]\.){2,}"), lambda m: m.group().replace(".", "") + " "),
    (re.compile(r"^\s*\d{1,2}[.)]\s+"), ""),  # of a numbered list
    (re.compile(r"'s\b|'"), ""),
    (re.compile(r"(?<=\w)\((e?s)\b\)?"), r"\1"),  # "name(s)"
    (re.compile(r"\be[\s-]+mail"), "email"),
    (re.compile(r"\bon[\s-]line\b"), "online"),
    (re.compile(r"\bsoftware[\s-]as[\s-]a[\s-]service\b"), "saas"),
    (re.compile(r"\bwi[\s-]fi\b"), "wifi"),
    (re.compile(r"\bweb[\s-](site|page)"), r"web\1"),
    (re.compile(r"\bgeo[\s-]+locat"), "geolocat"),
    (re.compile(r"\b(de|non|sub|pre|re)-(?=\w{4})"), r"\1"),
    (re.compile(r"(?<!\w)\.|\.(?!\w)|[^\w.+&]+|_"), " "),
    # British to American
    (re.compile(r"isation(s?)\b"), r"ization\1"),
    (
        re.compile(
            r"\b(\w*(?:al|onym|tom|tim|tegor|gan|cogn|til|thor|nim|xim|imat|riz|ar|er|or|gn|net))"
            r"is(e|ed|es|ing)\b"
        ),
        r"\1iz\2",
    ),
    (re.compile(r"\banalys(e|ed|es|ing)\b"), r"analyz\1"),
    (re.compile(r"(behavi|fav|col|harb|hon|lab|neighb)our"), r"\1or"),
    (re.compile(r"\b(licen|defen|offen)ce"), r"\1se"),
    (re.compile(r"\bcentre"), "center"),
    (re.compile(r"\bprogramme"), "program"),
    (re.compile(r"\bfulfil(?=\b|s\b|ment)"), "fulfill"),
    (re.compile(r"\benquir"), "inquir"),
    (re.compile(r"\bcatalogue"), "catalog"),
    (re.compile(r"\badvisor"), "adviser"),
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_URL = re.compile(r"https?://\S+")
_SPACE = re.compile(r"\s+")

_SAME = _set(
    """
    access across address analysis anonymous apis aws basis bonus business campus census cms css
    dhl dns focus gps https ios is javascripts less loss news os plus previous process
    pseudonymous religious sms status this ups us usps various virus
    """
)
_IRREGULAR = {
    "children": "child",
    "people": "person",
    "persons": "person",
    "cookies": "cookie",
    "movies": "movie",
    "selfies": "selfie",
    "zombies": "zombie",
    "analyses": "analysis",
    "addresses": "address",
    "lives": "life",
    "men": "man",
    "women": "woman",
    "viruses": "virus",
    "indices": "index",
    "gases": "gas",
    "media": "media",
    "caches": "cache",
    "ads": "ad",
    "cvs": "cv",
    "ids": "id",
    "ips": "ip",
    "searches": "search",
    "indexes": "index",
}


@lru_cache(maxsize=20_000)  # policies say the same in the same words
def _spelled(phrase: str) -> str:
    """The phrase in one spelling: lower case, no punctuation, American, single spaces."""
    text = unicodedata.normalize("NFKC", phrase).casefold()
    for pattern, replacement in _SPELLING:
        text = pattern.sub(replacement, text)
    return _SPACE.sub(" ", text).strip()


def _singular(word: str) -> str:
    """A noun without its plural ending; right for most words, the same for equal ones."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if (
        len(word) <= 3
        or word in _SAME
        or not word.endswith("s")
        or word.endswith(("ss", "us", "is"))
    ):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def _verb_stem(word: str) -> str:
    """A crude stem that a verb's forms and its noun in -ing share."""
    word = _singular(word)
    if word in ("marketing", "accounting"):  # nouns of their own beside "market", "account"
        return word
    for ending in ("ing", "ed", "es"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


_DETERMINERS = _set(
    """
    a actual additional all also an another any applicable appropriate associated authorized
    available basic both categories certain corresponding current customer customers
    different each every following forms further general her his his/her individual
    individuals its kinds limited many more most my necessary of one only other our own
    particular pieces possible potentially related relevant respective same selected
    several similar some specific such that the their these this those trusted types unique
    us user users various visitor visitors your
    """
)
_OWNERS = _set("customer customers individual individuals us user users visitor visitors")
#: They say nothing of what data is.
_EMPTY = _set(
    """
    above aforementioned aforesaid available bare collected combined complete corresponding deleted
    different disclosed essential extra foregoing further helpful important limited mandatory
    minimum necessary obtained processed received requested required resulting retained shared
    specified stored sufficient transferred transmitted unnecessary up-to-date useful valuable
    """
)
_PURPOSE_STOP = _set(
    """
    a all an and any as better by can certain for from her his in it its may more my of on or
    other our such that the their these this those to us we will with you your
    """
)
_ARTICLES = _set("a an the your our their his her its my")
_ANYBODY = _set("yourself you me us them themselves yourselves ourselves somebody anybody")
_PURPOSE_LEAD = re.compile(
    r"^(?:(?:in order to|in order|so as to|so that (?:we|they|you) (?:can|may|could)|to|for the "
    r"purposes? of|for purposes of|for|the purposes? of|purposes? of|purpose|as part of|in "
    r"connection with|connection with|with regard to|help(?:s|ing)? (?:us|you|them)(?: to)?|"
    r"help(?:s|ing)?(?: to)?|assist(?:s|ing)? us (?:in|with)|assist(?:s|ing)? "
    r"(?:in|with)|(?:allow|enabl)(?:e|s|ing)? us to|we (?:can|may|could|will)|be able to|try to|"
    r"attempt to|continue to|otherwise|do things (?:like|such as)|"
    r"the|our|your|its|their|any|such|other|further|internal|necessary to|required to|used to|"
    r"also|better|more|ensure that|automatically|help|where|when|if|as|because|via|on|by)\s+)+"
)
_ANY_PURPOSE = re.compile(
    r"^(?:(?:for|the|any|all|no|other|others|following|specific|various|same|different|certain|a|of|"
    r"number|variety|main|such|these|those|similar|their|own|our|legitimate|given|fulfill|stated|"
    r"described|specified|additional|new|unrelated|only)\s+)*"
    r"(?:purposes?|reasons?)(?=$| (?:which|that|for|described|set|outlined|stated|beyond|we|you|it|"
    r"other|under|consistent|unrelated|above|below|in|not|they|specified|mentioned|listed|respectively|"
    r"identified|disclosed|permitted|provided|authorized|otherwise|stated|where|based))"
)
_PURPOSE_TAIL = re.compile(r"\s+(?:purposes?|reasons?|activities|efforts)$")

# words that say too little to be what a phrase is about once its modifiers are gone
_WEAK_HEADS = _set(
    """
    account activity address agent answer app appearance application area association
    behavior brand bureau business calendar campaign card characteristic city client code color
    community company conclusion contact content country course customer data date
    degree department destination detail device director document driver entity error feedback
    file form friend fund grade group height history host id idea individual information input
    insight interest item job journey key level list location log manager material media member
    method model movement name network note number object officer order organisation
    organization other others output page parent party person personal place platform position
    prediction preference product profile program prompt provider purpose query rating record
    region registration report request response role route school score segment server service
    session setting site size skill speaker state statistic status store system tag technology
    text time title tool trainer trip type usage use version visit visitor website weight
    """
)
_GENERIC = _set(
    """
    information data detail info record copy fact material insight statistic knowledge particular
    metadata log report summary
    """
)
_ABOUT = re.compile(
    r"^(?P<head>(?:\w+ ){0,3}?\w+) (?:about|on|regarding|concerning|relating to|related to|related|"
    r"with respect to|pertaining to|specific to|of|as to|in relation to|in connection with|"
    r"connected with|associated with|relevant to|describing|specifying|identifying|"
    r"(?:(?:capable of|(?:that|which)(?: can| could| may| might)?) )?reveal(?:ing|s)?|"
    r"from|for) "
    r"(?P<rest>.+)$"
)
_PEOPLE = (
    r"(?:you|yourself|yourselves|users?|customers?|consumers?|visitors?|members?|individuals?|"
    r"persons?|people|subscribers?|participants?|candidates?|applicants?|guests?|patients?|"
    r"players?|employees?|students?|clients?|child|children|minors?|him|her|them|themselves|"
    r"another person|others)"
)
#: Whose data it is, or whom it is about: then it is personal.
_OF_A_PERSON = re.compile(
    rf"^(?:(?:all|any|some|of|the|such|certain|other|additional|each|our|an?) )*"
    rf"(?:your|my|his|her|(?:\w+ )?{_PEOPLE}) (?!and\b|or\b)\w|"
    rf"\b(?:about|of|on|from|concerning|regarding|relat\w+ to|relates? to|pertaining to|"
    rf"(?:identif|contact)\w*|associated with|linked to|describes?) (?:(?:and|or|about|"
    rf"from|of|our|any|each|an?|other|individual|particular|specific|the) )*(?:your\b|{_PEOPLE}\b)|"
    rf"\bpersonally identif\w+|\bcan be identified\b|\byou can be\b"
)
_ANY_PERSON = re.compile(rf"(?:(?:our|the|its|all|these|those|other|individual) )*{_PEOPLE}")
_GIVING = (
    r"(?:provid|submit|giv|gave|enter|suppl|send|sent|disclos|volunteer|fill|input|furnish|"
    r"report)\w*"
)
_GIVEN = re.compile(
    rf"\b{_PEOPLE} (?:\w+ ){{0,4}}?{_GIVING}\b|"
    rf"\b(?:{_GIVING}|shared|filled in) (?:\w+ ){{0,3}}?by (?:\w+ ){{0,2}}?{_PEOPLE}\b"
)
_POSTED = re.compile(
    rf"\b{_PEOPLE} (?:\w+ ){{0,4}}?(?:post|publish|upload)\w*|"
    rf"\b(?:posted|published|uploaded) (?:\w+ )?by (?:\w+ )?{_PEOPLE}\b"
)
_AT_REGISTRATION = re.compile(
    r"\b(?:regist\w+|sign(?:ed|ing)? up|(?:creat|open)\w* (?:an?|your|the)(?: \w+)? accounts?)\b"
)
_OBSERVED = re.compile(
    r"\bautomatic(?:ally)?\b|\b(?:through|via|by|using|from) (?:(?:the )?use of )?(?:(?:our|such|"
    r"these|the|similar) )*(?:cookies?|web beacons?|tracking|pixels?)\b"
)
_FROM_OTHERS = re.compile(
    r"\b(?:from|(?:provided|supplied|given|shared|disclosed) (?:to us )?by) (?:\w+ ){0,3}?"
    r"(?:third part(?:y|ies)|sources|partners?|vendors?|advertisers?|affiliates?|companies|"
    r"providers?|publishers?|social (?:media|networks?)|others|data brokers?|databases)\b"
)
_PERSONAL_SECTION = re.compile(
    r"\b(?:your|personal|personally identif\w+|users?|customers?) (?:\w+ )?(?:data|information)\b|"
    rf"\b(?:data|information) (?:\w+ ){{0,3}}?(?:about|from) {_PEOPLE}\b"
)
_NOT = re.compile(r"\b(?:not|never|without|cannot|no longer)\b")
_OF = re.compile(r"^(?P<head>(?:\w+ ){0,2}?\w+) (?:of|for|on|from|in|to) (?P<rest>.+)$")
_EXAMPLES = re.compile(
    r"(?<!things),?\s+(?:such as|including|includes?|e\.?\s?g\.?|for example|for instance|"
    r"i\.?\s?e\.?|namely|like|in particular|particularly|especially)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_HEAD = re.compile(
    r"\s+(?:of|for|from|on|in|at|by|to|with|through|about|that|which|who|whom|whose|when|where|"
    r"while|as|if|whether|within|under|between|regarding|concerning|relating|related|associated|"
    r"collected|provided|used|submitted|stored|contained|linked|connected|using|you|we|they|"
    r"users?|available|made|obtained|received|shared|given|generated|sent|required|requested|"
    r"entered|uploaded|posted|created|needed|necessary|than|not|located|working|operating|acting|"
    r"involved|designated|engaged|acquired|supplied|held|included|belonging|capable|attributed|"
    r"described|gathered|processed|kept|disclosed|transferred|displayed|accessible|pertaining|"
    r"concerning|containing|consisting|revealing|beforehand|voluntarily|automatically|retained|hired|outside|has|have|had|is|are|was|were|i|"
    r"it(?! (?:vendor|provider|support|service|compan|supplier|consultant|contractor|system)))\s.*$"
)
_SPLIT = re.compile(r"\s*(?:[,;]|\band\s*/\s*or\b|\band\b|\bor\b|/)\s*", re.IGNORECASE)
_SEGMENTS = re.compile(
    r"\s*(?:[,;:(]|\bwhen\b|\bso that\b|\bunless\b|\bwhile\b|\band (?:to|for)\b|"
    r"\bor (?:to|for)\b|\bas well as\b)\s*"
)
_IN_ORDER = re.compile(r"\bin order to\b", re.IGNORECASE)
#: Verbs of running a service: "operate, improve and market our services".
_RUNNING = re.compile(r"(?:operat|provid|deliver|offer|maintain)\w*$")
_QUESTION = re.compile(r"^(?:how|which|what|whether|when|where|who|about|if|the way)\b")
_GROUP = re.compile(
    r"^(?:the )?other [A-Z][\w&-]+ (?:Companies|Entities|Affiliates)$|"
    r"\b[A-Z][\w&-]+ (?:[Gg]roup )?(?:companies|entities|affiliates)$"
)
_CODE = re.compile(r"^(?:the\s+)?(U\.?\s?S\.?(?:\s?A\.?)?|U\.?K\.?|U\.?A\.?E\.?|PRC|EU|EEA)$")
_CODES = {
    "US": PF + "country-US",
    "USA": PF + "country-US",
    "UK": PF + "country-GB",
    "UAE": PF + "country-AE",
    "PRC": PF + "country-CN",
    "EU": PF + "EuropeanUnion",
    "EEA": PF + "EuropeanEconomicArea",
}
_MAX_PHRASE = 600  # characters; nobody names a thing with more
_MAX_LABEL = 80
_FAR = 5  # words


def country_iri(code: str) -> str:
    """IRI of a country or US state: ``pf:country-IE``, ``pf:country-US-CA``.

    >>> country_iri("IE")
    'https://w3id.org/privflow#country-IE'
    """
    return f"{PF}country-{code}"


_COMMON_NAMES = {
    "US": ("United States of America", "the States", "America", "USA"),
    "GB": ("Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "AE": ("Emirates",),
    "NL": ("Holland", "the Netherlands"),
    "KR": ("South Korea", "Republic of Korea"),
    "KP": ("North Korea",),
    "RU": ("Russia",),
    "CN": ("People's Republic of China", "mainland China"),
    "HK": ("Hong Kong SAR",),
    "IR": ("Iran",),
    "TW": ("Taiwan",),
    "VN": ("Vietnam",),
    "CZ": ("Czech Republic",),
    "TR": ("Turkey", "Türkiye"),
    "SY": ("Syria",),
    "LA": ("Laos",),
    "MD": ("Moldova",),
    "TZ": ("Tanzania",),
    "VE": ("Venezuela",),
    "BO": ("Bolivia",),
    "BN": ("Brunei",),
    "CI": ("Ivory Coast",),
    "CD": ("DR Congo", "Democratic Republic of Congo"),
    "MK": ("Macedonia",),
    "PS": ("Palestine",),
    "FM": ("Micronesia",),
    "VA": ("Vatican",),
    "CV": ("Cape Verde",),
    "SZ": ("Swaziland",),
    "MM": ("Burma",),
    "FK": ("Falkland Islands",),
    "IE": ("Republic of Ireland",),
    "BA": ("Bosnia",),
    "MO": ("Macau",),
}
_COMMON_LABELS = {
    "CD": "Democratic Republic of the Congo",
    "KP": "North Korea",
    "KR": "South Korea",
    "RU": "Russia",
    "TR": "Turkey",
}
#: The nearest region of a country, where the ontology has one.
_REGIONS = {
    "EuropeanUnion": _set(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    ),
    "EuropeanEconomicArea": _set("IS LI NO"),
    "Europe": _set("AD AL BA BY CH GB GG GI IM JE MC MD ME MK RS RU SM UA VA"),
    "NorthAmerica": _set("CA MX US"),
    "LatinAmerica": _set("AR BO BR CL CO CR CU DO EC GT HN NI PA PE PY SV UY VE"),
    "MiddleEast": _set("AE BH EG IL IQ IR JO KW LB OM PS QA SA SY YE"),
    "AsiaPacific": _set(
        "AU BD BN CN FJ HK ID IN JP KH KR LA LK MM MO MY NP NZ PG PH PK SG TH TW VN"
    ),
    "Africa": _set("DZ ET GH KE MA NG RW SN TN TZ UG ZA ZM ZW"),
}


def countries() -> Iterator[Country]:
    """All countries of ISO 3166-1 and the states of the USA, in the order of their codes."""
    import pycountry  # noqa: PLC0415 - its data files take a while

    for entry in sorted(pycountry.countries, key=lambda one: str(one.alpha_2)):
        code = str(entry.alpha_2)
        label = str(getattr(entry, "common_name", entry.name))
        if code in _COMMON_NAMES:  # "Iran, Islamic Republic of"
            label = label.partition(",")[0]
        label = _COMMON_LABELS.get(code, label)
        names = {str(entry.name), str(getattr(entry, "official_name", entry.name)), label}
        names.update(_COMMON_NAMES.get(code, ()))
        above = next((PF + name for name, codes in _REGIONS.items() if code in codes), PF + "Place")
        yield Country(country_iri(code), label, tuple(sorted(names - {label})), above)
    states = pycountry.subdivisions.get(country_code="US")  # type: ignore[no-untyped-call]
    for state in sorted(states, key=lambda one: str(one.code)):
        if state.type in ("State", "District"):
            label = str(state.name)
            names = {
                f"State of {label}",
                f"{label}, USA",
                f"{label}, United States",
                f"{label}, US",
            }
            if label == "Georgia":  # the country's name; the state needs more words
                label = "State of Georgia"
                names.discard(label)
            yield Country(
                country_iri(str(state.code)), label, tuple(sorted(names)), country_iri("US")
            )


# --- The concepts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Words that together point at a concept; each part is a set of alternatives."""

    iri: str
    parts: tuple[frozenset[str], ...]


@dataclass(slots=True)
class _Words:
    """The names of one scheme. ``inflected`` also holds whole-phrase words, ``names`` does not."""

    exact: dict[str, str]
    inflected: dict[str, str]
    whole: dict[str, str]
    deciding: dict[str, str]
    patterns: list[_Pattern]
    vocabulary: set[str]


class Grounder:
    """Finds the concept that a phrase names. Build it once: :func:`grounder`.

    Args:
        base: under which a policy's own concepts get their IRIs.

    >>> g = grounder()
    >>> g.ground("your e-mail addresses", Scheme.DATA).label
    'email address'
    >>> g.ground("scroll depth", Scheme.DATA, "Acme").match
    <Match.OWN: 'own'>
    """

    def __init__(self, base: str = BASE) -> None:
        """Reads the Turtle files and the countries, in about a fifth of a second."""
        self._base = base
        self._labels: dict[str, str] = {}
        self._above: dict[str, list[str]] = {}
        self._sensitive: set[str] = set()
        self._vague: set[str] = set()
        self._companies: dict[str, str] = {}
        self._companies_as_written: dict[str, str] = {}
        self._company_names: list[tuple[str, str]] = []
        self._words = {scheme: _Words({}, {}, {}, {}, [], set()) for scheme in Scheme}
        self._read()
        self._ground = lru_cache(maxsize=200_000)(self._ground_uncached)
        self._known = lru_cache(maxsize=200_000)(self._known_uncached)

    # --- reading

    def _read(self) -> None:
        from pyoxigraph import RdfFormat, parse  # noqa: PLC0415 - not needed for --help

        terms: dict[str, dict[str, list[str]]] = {}
        for name in CONCEPT_FILES:
            for triple in parse(path=str(resources.ONTOLOGY / name), format=RdfFormat.TURTLE):
                predicates = terms.setdefault(triple.subject.value, {})
                predicates.setdefault(triple.predicate.value, []).append(triple.object.value)
        for iri, found in terms.items():
            scheme = next((_SCHEMES.get(one) for one in found.get(SKOS + "inScheme", ())), None)
            labels = found.get(SKOS + "prefLabel")
            if not labels:
                continue
            self._labels[iri] = labels[0]
            self._above[iri] = sorted(found.get(SKOS + "broader", ()))
            if "true" in found.get(PF + "isSensitive", ()):
                self._sensitive.add(iri)
            if "true" in found.get(PF + "isVague", ()):
                self._vague.add(iri)
            if scheme is None:
                continue
            names = labels + found.get(SKOS + "altLabel", [])
            if PF + "kind" in found:
                self._add_company(iri, names)
            else:
                self._add_words(scheme, iri, names, found.get(SKOS + "hiddenLabel", []))
        for country in countries():
            self._labels[country.iri] = country.label
            self._above[country.iri] = [country.broader]
            self._add_words(Scheme.PLACE, country.iri, [country.label, *country.names], [])

    def _add_company(self, iri: str, names: Iterable[str]) -> None:
        for name in names:
            self._companies_as_written.setdefault(name.casefold(), iri)
            self._companies.setdefault(iris.normal_name(name), iri)
            self._company_names.append((name, iri))

    def _add_words(self, scheme: Scheme, iri: str, names: list[str], hidden: list[str]) -> None:
        words = self._words[scheme]
        for name in names:
            spelled = _spelled(name)
            words.exact.setdefault(spelled, iri)
            words.inflected.setdefault(_key(spelled, scheme), iri)
            words.vocabulary.update(spelled.split())
        for label in sorted(hidden):
            if label.startswith("="):
                words.whole.setdefault(_key(_spelled(label[1:]), scheme), iri)
            elif label.startswith("+"):
                words.deciding.update(dict.fromkeys(label[1:].split("|"), iri))
            else:
                parts = tuple(frozenset(part.split("|")) for part in label.split())
                words.patterns.append(_Pattern(iri, parts))

    # --- asking

    def known(self, phrase: str, scheme: Scheme) -> Grounding | None:
        """The concept whose name the phrase is, whatever its inflection; ``None`` otherwise."""
        return self._known(" ".join(phrase[:_MAX_PHRASE].split()), scheme)

    def ground(self, phrase: str, scheme: Scheme, publisher: str = "") -> Grounding | None:
        """The concept that the phrase is about, or a concept of the policy's own.

        Args:
            publisher: whose policy it is; own concepts are told apart by it.

        Returns:
            ``None`` for a phrase without words, and for places, legal bases and safeguards
            that are not known.
        """
        found = self._ground(" ".join(phrase[:_MAX_PHRASE].split()), scheme)
        if found is None or found.match is not Match.OWN or found.iri:
            return found
        iri = iris.concept_iri(publisher, scheme.value, found.label, self._base)
        return Grounding(iri, found.label, Match.OWN, found.broader)

    def is_elsewhere(self, phrase: str, scheme: Scheme) -> bool:
        """Whether the phrase names something of another scheme and nothing of this one.

        "Google Analytics" is no data and "your email address" is no recipient, whatever a
        sentence seems to say.
        """
        found = self.ground(phrase, scheme)
        if found is not None and found.match is not Match.OWN:
            return False
        if scheme is not Scheme.RECIPIENT and self.company(phrase) is not None:
            return True
        others = (Scheme.DATA, Scheme.RECIPIENT, Scheme.PURPOSE, Scheme.PLACE)
        if any(self.known(phrase, one) for one in others if one is not scheme):
            return True
        # Words too common to be looked for anywhere still tell a party from what is none.
        parties = [Scheme.RECIPIENT] if scheme is Scheme.DATA else []
        parties += [Scheme.DATA, Scheme.PURPOSE] if scheme is Scheme.RECIPIENT else []
        there = (self.ground(phrase, one) for one in parties)
        return any(one and one.match in (Match.EXACT, Match.INFLECTED) for one in there)

    def personal(self) -> Grounding:
        """Personal data, no more being known."""
        return self._as(PF + "PersonalData", Match.HEAD)

    def section(self, heading: str) -> Grounding | None:
        """What "information" stands for in the section under a heading, if that tells.

        >>> grounder().section("How we use your information").label
        'personal data'
        """
        spelled = _spelled(heading[:_MAX_PHRASE])
        found = self._told(spelled)
        if found is None and _PERSONAL_SECTION.search(spelled) and not _NOT.search(spelled):
            found = self.personal()
        return found

    def is_vague_data(self, grounding: Grounding) -> bool:
        """Whether nothing is known of data but that it is data ("information")."""
        return (grounding.broader or grounding.iri) == _TOP[Scheme.DATA]

    def company(self, name: str) -> Grounding | None:
        """A well-known company or service, whatever legal form is written.

        A single word has to be capitalised: "Square" is a company, "square" is none.
        """
        stripped = re.sub(r"^(?:the|our)\s+", "", name.strip(), flags=re.IGNORECASE)[:200]
        if not any(c.isupper() or c in ". " for c in stripped):
            return None
        plain = (_BRACKETS.sub(" ", stripped), _URL.sub("", stripped).strip())
        for candidate in (stripped, *plain, re.sub(r"['’]s$", "", stripped)):
            iri = self._companies_as_written.get(candidate.casefold())
            iri = iri or self._companies.get(iris.normal_name(candidate))
            if iri is not None:
                same = candidate == self._labels[iri]
                return Grounding(iri, self._labels[iri], Match.EXACT if same else Match.INFLECTED)
        return None

    def label(self, iri: str) -> str | None:
        """The English label of a concept of the ontology."""
        return self._labels.get(iri)

    def broader(self, iri: str) -> tuple[str, ...]:
        """IRIs of all concepts above, nearest first; empty for a top or an unknown concept."""
        above: list[str] = []
        level = self._above.get(iri, [])
        while level:
            fresh = [one for one in dict.fromkeys(level) if one not in above]
            above.extend(fresh)
            level = [up for one in fresh for up in self._above.get(one, [])]
        return tuple(above)

    def is_sensitive(self, iri: str) -> bool:
        """Whether the concept, or one above it, is marked as sensitive."""
        return iri in self._sensitive or any(up in self._sensitive for up in self.broader(iri))

    def is_vague(self, iri: str) -> bool:
        """Whether the concept leaves open who or where it is ("third parties", "abroad")."""
        return iri in self._vague

    def phrases(self, scheme: Scheme) -> Iterator[tuple[str, str]]:
        """Names of a scheme's concepts in one spelling, each with its concept's IRI.

        Words that are too common to be looked for are left out, and so are companies.
        """
        yield from self._words[scheme].exact.items()

    def companies(self) -> Iterator[tuple[str, str]]:
        """Names of well-known companies and services as written, each with its IRI."""
        yield from self._company_names

    # --- finding

    def _known_uncached(self, phrase: str, scheme: Scheme) -> Grounding | None:
        if scheme is Scheme.PLACE:
            code = _CODE.match(phrase)
            if code is not None:
                iri = _CODES[re.sub(r"[.\s]", "", code.group(1))]
                return Grounding(iri, self._labels[iri], Match.EXACT)
        for text in dict.fromkeys((phrase, _BRACKETS.sub(" ", phrase))):
            spelled = _spelled(text)
            found = self._lookup(spelled, scheme, whole=False)
            if found is not None:
                general = scheme is Scheme.DATA and found.iri == _TOP[scheme]
                return (self._told(spelled) if general else None) or found
        return None

    def _lookup(self, spelled: str, scheme: Scheme, whole: bool = True) -> Grounding | None:
        """By name; then the same without determiners at its beginning."""
        words = self._words[scheme]
        rest, peeled, first = spelled, False, ""
        while rest:
            iri = words.exact.get(rest)
            if iri is not None:
                return self._as(iri, Match.INFLECTED if peeled else Match.EXACT)
            key = _key(rest, scheme)
            iri = words.inflected.get(key)
            if iri is None and whole:
                iri = words.whole.get(key)
            if iri is not None:
                return self._as(iri, Match.INFLECTED)
            before = first
            first, _, rest = rest.partition(" ")
            if first not in _DETERMINERS and not (scheme is Scheme.DATA and first in _EMPTY):
                return None
            if first == "of" and before in _OWNERS:
                return None  # "users of our site" are no site
            peeled = True
        return None

    def _as(self, iri: str, match: Match) -> Grounding:
        return Grounding(iri, self._labels[iri], match)

    def _ground_uncached(self, phrase: str, scheme: Scheme) -> Grounding | None:
        """Like :meth:`ground`; an own concept has no IRI yet, as no publisher is known here."""
        found = self._known(phrase, scheme)
        if found is not None:
            return found
        if scheme is Scheme.RECIPIENT:
            found = self.company(phrase) or self._group(phrase) or self._named_party(phrase)
            if found is not None:
                return found
        plain = _BRACKETS.sub(" ", phrase)
        short = _EXAMPLES.sub("", plain) or plain
        spelled = _spelled(short) or _spelled(phrase)
        if not spelled:
            return None
        if scheme is Scheme.PURPOSE:
            found = self._purpose(short, spelled)
        elif scheme is Scheme.PLACE:
            return self._lookup(spelled, scheme)
        else:
            found = self._noun(short, spelled, scheme)
        if found is None:
            found = self._fuzzy(spelled, scheme)
        if found is None and scheme in _TOP:
            return self._own(short, spelled, scheme)
        return found

    def _group(self, phrase: str) -> Grounding | None:
        """ "other Acme companies" are affiliates."""
        if not _GROUP.search(phrase):
            return None
        return self._as(PF + "AffiliatedCompany", Match.HEAD)

    def _named_party(self, phrase: str) -> Grounding | None:
        """A company that is not known but has a legal form: "Nimbus Widgets, Inc."."""
        plain = _SPACE.sub(" ", _BRACKETS.sub(" ", phrase)).strip(" ,.")
        tail = iris.normal_name(plain)
        everything = " ".join(re.findall(r"[^\W_]+", plain.casefold()))
        if not plain[:1].isupper() or tail == everything or len(plain.split()) > 6:
            return None
        return Grounding(
            iris.party_iri(plain, self._base), plain, Match.OWN, broader=_TOP[Scheme.RECIPIENT]
        )

    def _noun(self, short: str, spelled: str, scheme: Scheme) -> Grounding | None:
        """Data, recipients, bases and safeguards: by name, by head, by what they are about."""
        found = self._lookup(spelled, scheme)
        if found is not None:
            return found
        if _QUESTION.match(spelled):
            return self._pattern(spelled, scheme)
        words = _AFTER_HEAD.sub("", f"{spelled} ").split()
        for word in words[:-1]:
            if word in self._words[scheme].deciding:
                return self._as(self._words[scheme].deciding[word], Match.HEAD)
        parts = [part for part in _SPLIT.split(_AFTER_HEAD.sub(" ", f"{short} ")) if part.strip()]
        if len(parts) > 1:
            return (
                self._joined(parts, scheme)
                or self._shared_head(parts, scheme)
                or self._pattern(spelled, scheme, least=2)
            )
        if scheme is not Scheme.DATA:
            return self._pattern(spelled, scheme) or self._head(spelled, scheme)
        found = self._about(spelled, scheme) or self._head(spelled, scheme)
        if found is None and self._is_general(spelled) and not _names_subject(spelled):
            found = self._told(spelled)
        return found or self._pattern(spelled, scheme) or self._anything(spelled, scheme)

    def _told(self, spelled: str) -> Grounding | None:
        """What is told of data that is not named: whose it is, or how it was come by.

        "your information" is personal data, "the data that you submit" is data that people give.
        """
        if _NOT.search(spelled):
            return None
        if _GIVEN.search(spelled):
            name = "AccountData" if _AT_REGISTRATION.search(spelled) else "ProvidedData"
        elif _POSTED.search(spelled):
            name = "UserContent"
        elif _OBSERVED.search(spelled):
            name = "ObservedData"
        elif _FROM_OTHERS.search(spelled):
            name = "ThirdPartyData"
        elif _OF_A_PERSON.search(spelled):
            name = "PersonalData"
        else:
            return None
        return self._as(PF + name, Match.HEAD)

    def _anything(self, spelled: str, scheme: Scheme) -> Grounding | None:
        """ "other information that is kept" says no more than "information"."""
        if _names_subject(spelled) or not self._is_general(spelled):
            return None
        return self._as(_TOP[scheme], Match.HEAD)

    def _is_general(self, spelled: str) -> bool:
        """Whether a data phrase has a head such as "information" and nothing before it."""
        found = self._lookup(_AFTER_HEAD.sub("", f"{spelled} ").strip(), Scheme.DATA)
        return found is not None and found.iri == _TOP[Scheme.DATA]

    def _about(self, spelled: str, scheme: Scheme) -> Grounding | None:
        """ "information about your device" is device data, "type of browser" a browser type."""
        subject = _subject(spelled)
        if subject is not None:
            head, rest = subject
            found = (
                self._head(head, scheme)
                or self._lookup(rest, scheme)
                or self._pattern(spelled, scheme)
                or self._head(rest, scheme)
            )
            return found and Grounding(found.iri, found.label, Match.HEAD)
        of = _OF.match(spelled)
        if of is not None:
            whole = _AFTER_HEAD.sub("", of["rest"] + " ").split()
            while whole and whole[0] in _DETERMINERS:
                whole = whole[1:]
            found = self._lookup(" ".join([*whole, of["head"]]), scheme)
            if found is not None:
                return Grounding(found.iri, found.label, Match.HEAD)
        return None

    def _head(self, spelled: str, scheme: Scheme) -> Grounding | None:
        """The longest end of the noun phrase that is a name and says enough."""
        noun = _AFTER_HEAD.sub("", f"{spelled} ").strip()
        words = noun.split()
        while len(words) > 1 and words[0] in _DETERMINERS:
            words = words[1:]
        noun, names = " ".join(words), self._words[scheme]
        for first in range(len(words)):
            rest = words[first:]
            if len(rest) == 1 and _singular(rest[0]) in _WEAK_HEADS:
                return None
            text = " ".join(rest)
            key = _key(text, scheme)
            found = names.exact.get(text) or names.inflected.get(key)
            if found is None and text == noun:
                found = names.whole.get(key)
            if found is not None and found != _TOP.get(scheme):
                return self._as(found, Match.HEAD)
        return None

    def _joined(self, parts: list[str], scheme: Scheme) -> Grounding | None:
        """Several things in one phrase: the nearest concept above all of them."""
        found = []
        for part in parts[:6]:
            spelled = _spelled(part)
            one = self._lookup(spelled, scheme) or self._head(spelled, scheme)
            if one is None:
                return None
            found.append(one.iri)
        shared = [found[0], *self.broader(found[0])]
        for iri in found[1:]:
            lineage = {iri, *self.broader(iri)}
            shared = [one for one in shared if one in lineage]
        if not shared:
            return None
        if shared[0] == _TOP.get(scheme) != found[0] and scheme is not Scheme.RECIPIENT:
            return None
        return self._as(shared[0], Match.HEAD)

    def _shared_head(self, parts: list[str], scheme: Scheme) -> Grounding | None:
        """ "legal and regulatory authorities", "first- and third-party cookies": one head."""
        *modifiers, last = map(_spelled, parts)
        if any(len(one.split()) > 2 or self._lookup(one, scheme) for one in modifiers):
            return None
        head = last.partition(" ")[2]
        found = self._lookup(head, scheme) or self._head(head, scheme)
        if found is not None:
            return Grounding(found.iri, found.label, Match.HEAD)
        found = self._lookup(last, scheme) or self._head(last, scheme)
        if found is None:
            return None
        above = [one for one in self._above[found.iri] if one != _TOP.get(scheme)]
        return self._as(above[0], Match.HEAD) if above else found

    def _pattern(self, spelled: str, scheme: Scheme, least: int = 1) -> Grounding | None:
        """The pattern with most parts; of equals, what begins first, then the narrower concept."""
        places: dict[str, int] = {}
        for place, word in enumerate(spelled.split()):
            for form in (word, _singular(word)):
                places.setdefault(form, place)
                for length in range(2, len(form) + 1):
                    places.setdefault(f"{form[:length]}*", place)
        best: tuple[int, int, int, int] | None = None
        chosen = ""
        for pattern in self._words[scheme].patterns:
            if len(pattern.parts) < least:
                continue
            hits = []
            for part in pattern.parts:
                at = [places[word] for word in part if word in places]
                if not at:
                    break
                hits.append(min(at))
            else:
                # one word may not stand for two parts
                if len(set(hits)) < len(hits):
                    continue
                # words that stand far apart have little to do with each other
                strength = len(hits) - (max(hits) - min(hits) > _FAR)
                score = (strength, -min(hits), len(self.broader(pattern.iri)), -sum(hits))
                if best is None or score > best:
                    best, chosen = score, pattern.iri
        return self._as(chosen, Match.HEAD) if best is not None else None

    def _purpose(self, short: str, spelled: str) -> Grounding | None:
        """A verb phrase: its first clause decides, the rest only when that says nothing."""
        if _ANY_PURPOSE.match(spelled):
            return self._as(_TOP[Scheme.PURPOSE], Match.HEAD)
        segments = [_spelled(one) for one in _SEGMENTS.split(_IN_ORDER.sub("to", short.strip()))]
        first = segments[0]
        if " " not in first and first not in self._words[Scheme.PURPOSE].exact:
            # a verb whose object comes later: "inform, optimize and serve ads"
            running = _RUNNING.match(first) is not None
            last = re.sub(r"^(?:and|or) ", "", segments[-1])
            first = " ".join([first, *last.split()[1:]]) if running else spelled
            segments[0] = first
        for text in dict.fromkeys((spelled, first)):
            stripped = _PURPOSE_LEAD.sub("", text)
            for one in dict.fromkeys((stripped, _PURPOSE_TAIL.sub("", stripped))):
                found = self._lookup(one, Scheme.PURPOSE)
                if found is not None:
                    return found
        for clause in (
            _PURPOSE_LEAD.sub("", one) for one in segments
        ):  # the first that says something
            found = self._pattern(clause, Scheme.PURPOSE) if " " in clause else None
            if found is not None:
                return found
        return self._pattern(spelled, Scheme.PURPOSE)

    def _fuzzy(self, spelled: str, scheme: Scheme) -> Grounding | None:
        """A slip of spelling: one word of a longer name that is no word of the ontology."""
        if len(spelled) < 9 or len(spelled) > 60:
            return None
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only here

        words = self._words[scheme]
        stripped = spelled.split()
        while stripped and stripped[0] in _DETERMINERS:
            stripped = stripped[1:]
        text = " ".join(stripped)
        best = process.extract(
            text, words.exact.keys(), scorer=fuzz.ratio, score_cutoff=88, limit=3
        )
        for name, _, _ in best:
            theirs = name.split()
            if len(theirs) != len(stripped):
                continue
            wrong = [(a, b) for a, b in zip(stripped, theirs, strict=True) if a != b]
            if any(a.endswith(b) or b.endswith(a) for a, b in wrong):
                continue  # a prefix turns the meaning round: "nonsensitive"
            if len(wrong) != 1 or fuzz.ratio(*wrong[0]) < 75 or min(map(len, wrong[0])) < 4:
                continue
            if wrong[0][0] in words.vocabulary and len(stripped) < 3:
                continue  # a word in its own right: "personnel data" is not "personal data"
            return self._as(words.exact[name], Match.FUZZY)
        return None

    def _own(self, short: str, spelled: str, scheme: Scheme) -> Grounding:
        """A concept of the policy's own, without an IRI, under the nearest that is known."""
        noun = spelled if scheme is Scheme.PURPOSE else _AFTER_HEAD.sub("", f"{spelled} ").strip()
        subject = _subject(spelled) if scheme is Scheme.DATA else None
        if subject is not None:
            noun = _AFTER_HEAD.sub("", f"{subject[1]} ").strip()
        words = (_PURPOSE_LEAD.sub("", noun) if scheme is Scheme.PURPOSE else noun).split()
        while len(words) > 1 and words[0] in _DETERMINERS:
            words = words[1:]
        label = " ".join([*words[:-1], _singular(words[-1])] if words else spelled.split())
        broader = _TOP[scheme]
        if scheme is Scheme.DATA:
            shared = [
                self._head(_spelled(part), scheme) or self._pattern(_spelled(part), scheme)
                for part in _SPLIT.split(short)
                if part.strip()
            ]
            above = {one.iri for one in shared if one is not None}
            told = self._told(spelled)
            if len(shared) == len(above) == 1:
                broader = above.pop()
            elif told is not None:
                broader = told.iri
        return Grounding(
            "", label[:_MAX_LABEL].rstrip() or spelled[:_MAX_LABEL], Match.OWN, broader
        )


def _subject(spelled: str) -> tuple[str, str] | None:
    """ "details about your trip" -> ("details", "your trip"); ``None`` when it says no subject."""
    about = _ABOUT.match(spelled)
    if about is None or _singular(about["head"].split()[-1]) not in _GENERIC:
        return None
    if about["rest"].split()[0] in _ANYBODY or _ANY_PERSON.fullmatch(about["rest"]):
        return None
    return about["head"], about["rest"]


def _names_subject(spelled: str) -> bool:
    """Whether general words are about something, rather than only from somebody."""
    subject = _subject(spelled)
    return subject is not None and not spelled.startswith(f"{subject[0]} from ")


@lru_cache(maxsize=50_000)
def _key(spelled: str, scheme: Scheme) -> str:
    """A phrase without inflection: nouns in the singular, verbs as stems without small words."""
    words = spelled.split()
    if scheme is Scheme.PURPOSE:
        return " ".join(_verb_stem(word) for word in words if word not in _PURPOSE_STOP)
    articles = _ARTICLES if scheme is Scheme.DATA and len(words) > 1 else ()
    return " ".join(_singular(word) for word in words if word not in articles)


@lru_cache(maxsize=4)
def grounder(base: str = BASE) -> Grounder:
    """The grounder for a base, built once."""
    return Grounder(base)
