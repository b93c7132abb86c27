"""Countries, and names that fit them. Put together at random; every address is at example.com."""

import unicodedata
from typing import Final, NamedTuple


class Country(NamedTuple):
    """A country, its region, its names, and how many of a thousand customers live there."""

    name: str
    region: str
    names: str
    share: int


COUNTRIES: Final = (
    Country("Germany", "DACH", "german", 265),
    Country("Austria", "DACH", "german", 72),
    Country("Switzerland", "DACH", "german", 63),
    Country("Netherlands", "Benelux", "dutch", 85),
    Country("Belgium", "Benelux", "dutch", 50),
    Country("United Kingdom", "UK & Ireland", "british", 110),
    Country("Ireland", "UK & Ireland", "irish", 35),
    Country("Sweden", "Nordics", "swedish", 52),
    Country("Denmark", "Nordics", "danish", 34),
    Country("Norway", "Nordics", "danish", 28),
    Country("Italy", "Southern Europe", "italian", 88),
    Country("Spain", "Southern Europe", "spanish", 82),
    Country("Portugal", "Southern Europe", "portuguese", 36),
)
SOUTH: Final = "Southern Europe"


class Names(NamedTuple):
    """First and last names of one language. No last name is in two languages."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def _names(first: str, last: str) -> Names:
    return Names(tuple(first.split()), tuple(last.split()))


NAMES: Final = {
    "german": _names(
        "Anna Lukas Sophie Felix Lena Jonas Marie Paul Laura Maximilian Julia Leon Katharina David "
        "Hannah Tobias Sarah Florian Johanna Sebastian Lea Moritz Clara Simon Nina Fabian Eva "
        "Matthias Miriam Daniel Theresa Philipp Greta Stefan Jürgen Birgit Käthe Günther Ines "
        "Benedikt Ulrike Anton Verena Oskar Heike Jakob Carolin Björn",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer "
        "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann "
        "Lange Krause Lehmann Köhler Maier Walter König Mayer Huber Kaiser Fuchs Lang Scholz "
        "Möller Weiß Jung Hahn Vogel Keller Günther Berger Winkler Roth Beck Lorenz Baumann "
        "Franke Albrecht Schuster Böhm Winter Kraus Schumacher Krämer Vogt Stein Jäger Sommer "
        "Groß Seidel Heinrich Brandt Haas Graf Dietrich Ziegler Kuhn Pohl Engel Horn Busch "
        "Bergmann Pfeiffer Sauer Gruber Steiner Moser Egger Eder Brunner Frei Zbinden Aebischer",
    ),
    "dutch": _names(
        "Daan Emma Sem Julia Bram Lotte Lars Sanne Thijs Fleur Jeroen Anouk Pieter Femke Ruben "
        "Noor Wout Eline Joris Marloes Stijn Lieke Koen Sofie Bas Hanne Tom Roos Niels Maud Arne "
        "Lies Sander Evi Gijs Tess",
        "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra "
        "Kok Schouten Willems Hoekstra Koster Prins Huisman Postma Kuipers Veenstra Kramer "
        "Scholten Wouters Claes Goossens Maes Janssens Mertens Desmet Lemmens Aerts Michiels "
        "Hermans Pauwels Verhoeven Timmermans Cools Segers Martens Coppens Evers",
    ),
    "british": _names(
        "Oliver Amelia George Isla Harry Ava Jack Emily Charlie Grace Thomas Freya James Poppy "
        "William Charlotte Henry Ella Alfie Lucy Edward Alice Samuel Daisy Joseph Ruby Arthur "
        "Evie Callum Holly Rhys Megan Lewis Imogen Priya Imran",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans "
        "Walker White Roberts Green Hall Wood Jackson Clarke Clark Harrison Scott Cooper Morris "
        "Ward Baker Turner Hill Moore Parker Harris Shaw Bennett Cook Mitchell Bell Young Allen "
        "Kaur Patel Hughes Edwards Mason Hunt Palmer Fletcher Ellis",
    ),
    "irish": _names(
        "Conor Aoife Cian Saoirse Seán Ciara Oisín Niamh Darragh Róisín Fionn Caoimhe Eoin Sinéad "
        "Patrick Orla Declan Maeve Ronan Clodagh",
        "Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle McCarthy "
        "Gallagher Doherty Kennedy Lynch Murray Quinn McLoughlin Carroll Connolly Daly Nolan "
        "Fitzgerald Brennan Burke Dunne Farrell",
    ),
    "swedish": _names(
        "Erik Elsa Karl Astrid Lars Maja Nils Ebba Axel Wilma Oskar Alva Gustav Linnéa Anders "
        "Saga Hugo Freja Viktor Tilde Mattias Klara Johan Ingrid Björn Moa Emil Tuva",
        "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson "
        "Pettersson Jonsson Lindberg Lindström Lindqvist Sandberg Lundgren Forsberg Sjöberg Wallin "
        "Engström Eklund Lundin Hedlund Nyström Holmgren Åkesson Söderberg Björklund Bergqvist",
    ),
    "danish": _names(
        "Mads Ida Frederik Signe Lasse Freja Magnus Ingrid Emil Sofie Sondre Nora Henrik Thea "
        "Rasmus Mathilde Kristian Solveig Anders Maren Jeppe Karen Tobias Liv Øyvind Åse",
        "Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen "
        "Madsen Kristensen Olsen Thomsen Johansen Poulsen Knudsen Mortensen Berg Haugen Hagen "
        "Bakken Solberg Strand Lie Moen Nygaard Østergaard Dahl Halvorsen Iversen Eide",
    ),
    "italian": _names(
        "Francesco Giulia Alessandro Chiara Lorenzo Martina Matteo Francesca Andrea Sara Davide "
        "Elena Marco Alice Luca Giorgia Riccardo Silvia Simone Beatrice Federico Valentina Stefano "
        "Elisa Paolo Ilaria Nicolò Camilla",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti "
        "Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi "
        "Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola",
    ),
    "spanish": _names(
        "Hugo Lucía Martín Sofía Pablo María Alejandro Paula Álvaro Carmen Adrián Marta Javier "
        "Alba Sergio Elena Diego Cristina Carlos Irene Jorge Nuria Raúl Pilar Íñigo Rocío Ángel "
        "Begoña",
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Jiménez Ruiz "
        "Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez "
        "Vázquez Ramos Gil Ramírez Serrano Blanco Molina Suárez Castro Ortega Delgado Ortiz Marín "
        "Iglesias",
    ),
    "portuguese": _names(
        "João Maria Francisco Leonor Afonso Matilde Tomás Beatriz Duarte Carolina Miguel Mariana "
        "Gonçalo Inês Rodrigo Joana Tiago Catarina Rui Margarida Nuno Sofia Vasco Luísa",
        "Silva Santos Ferreira Pereira Oliveira Rodrigues Martins Sousa Fernandes Gonçalves Gomes "
        "Lopes Marques Almeida Alves Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes "
        "Soares Vieira Monteiro Cardoso Rocha",
    ),
}
_INITIALS: Final = (
    "",
    "M.",
    "J.",
    "S.",
    "L.",
    "K.",
    "R.",
    "E.",
    "T.",
    "H.",
    "P.",
    "D.",
    "F.",
    "B.",
)
_PLAIN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "'": "", " ": "."}
)


def person(language: str, nth: int) -> tuple[str, str]:
    """Name and email of the nth person of a language; no two are the same for a long while.

    The names run through every pair of first and last name, then again with an initial.
    """
    names = NAMES[language]
    pairs = len(names.first) * len(names.last)
    # 7,919 is a prime that divides no number of pairs here, so each pair comes once a round.
    pair = nth * 7919 % pairs
    initial = _INITIALS[nth // pairs % len(_INITIALS)]
    first, last = names.first[pair % len(names.first)], names.last[pair // len(names.first)]
    name = " ".join(part for part in (first, initial, last) if part)
    return name, f"{_address(name)}@example.com"


def _address(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace(".", "").lower().translate(_PLAIN))
    return plain.encode("ascii", "ignore").decode()
