"""The roles of tokens and amounts, one letter each: a text becomes a string of them.

`rules.toml` writes its patterns in these names, in small letters.
"""

from __future__ import annotations

# Tokens
DIGITS = "D"  # number in digits: 60
FRACTION = "H"  # ½, 1/4
SPELLED = "W"  # number in words: deux, cent
TAIL = "G"  # digits glued to a unit: the 50 of 2g50
THOUSAND = "K"  # k: 30k
ONE = "A"  # un, une, a, an
CURRENCY = "C"  # after its sum: €, balles
SIGN = "c"  # currency before its sum: £60
E = "E"  # e by itself
WEIGHT = "U"  # unit of weight or volume: g, kg, ml
PACK = "P"  # noun that is counted: pochon, comprimé
PART = "F"  # half, quart, huitième
BAG = "S"  # noun that is a weight: zip, eightball
PACKOF = "I"  # pack of a number: boîte de 30
ORDINAL = "O"  # deuxième, 3rd
NAME = "M"  # a substance
PILL = "T"  # a substance that is counted: taz
PERCENT = "%"  # 12 %, 69 à 90 %
CLOCK = "h"  # 18h, 10:30
ALWAYS = "r"  # 24/24, 7j/7
DEAL = "B"  # b2g1, bogo
PER = "p"  # le, la, par, per, each
THE = "l"  # les, the
FOR = "f"  # pour, for, contre
OF = "d"  # de, of
AND = "&"  # et, and, ou
AT = "@"  # à, at
TO = "t"  # to
BETWEEN = "n"  # entre, between
BOUGHT = "b"  # acheté, commandé, bought
GET = "g"  # get, recevez
FREE = "o"  # offert, gratuit, free
OFFRE = "z"  # offre, until it is known whether it is a gift
TARIFF = "q"  # prix, price
SELLS = "v"  # se vend, coûte, costs, is
WAS = "i"  # au lieu de, was, avant
TIME = "j"  # jour, week, personne: what a wage or a rate is for
WAGES = "Z"  # salaire, dette, loyer
SEIZED = "V"  # amende, saisie, chiffre d'affaires
FEE = "Y"  # livraison, minimum, dépense
GOODS = "X"  # other goods: pizza, taxi
ANALYTE = "y"  # THC, CBD
MEASURED = "m"  # analysé, labo, moyenne
PURITY = "a"  # pur, pureté, teneur
CLAIMED = "k"  # garanti, annoncé
NEWLINE = "L"
END = "."  # of a sentence
COMMA = ","  # and bullets, bars
EQUALS = "="  # : → and the like
SLASH = "/"
DASH = "-"
PLUS = "+"
TIMES = "x"  # x, ×
OPEN = "("
CLOSE = ")"
WORD = "w"  # any other word

# Amounts, once tokens are put together
MONEY = "€"  # a sum: 60 €, 50-60 €
MONEYS = "R"  # two numbers with a slash before a currency: 50/60 €
LOTS = "5"  # 5x10 €
AMOUNT = "Q"  # an amount of product: 2 g, un pochon
UNIT = "u"  # a unit without a number: le g, pochon
NUMBER = "N"  # a number by itself
SUM = "s"  # the sum that is asked about, in the rules that say what money is for
