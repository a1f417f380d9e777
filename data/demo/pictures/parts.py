# SPDX-License-Identifier: AGPL-3.0-or-later
"""Palettes and reusable parts for the demo scenes.

A scene is a string of SVG drawn on a 640 x 400 sheet. Colours are written as
roles ($sky, $water, $skin2 ...) and filled in from a palette at the end, so
the same parts serve a morning, a rainy day and a night.
"""
import random
import re

# ---------------------------------------------------------------- palettes
DAY = dict(
    sky="#f6dfae", glow="#f0a93c", far="#a9c2a4", leaf="#3f7d5b", water="#5da3a0",
    deep="#1d6163", foam="#d5e8dc", wood="#8a5a33", dark="#4a3020", roof="#b4532f",
    wall="#fbf1da", cloth="#d9822b", lamp="#ffe3a1", soil="#a9764a", grass="#86ab7b",
    grey="#a3a493", plum="#76485c", rose="#d99478", white="#fffaf0", ink="#2a2420",
    skin1="#7a4c2b", skin2="#98633a", skin3="#b57f50", skin4="#cc9a6c",
)


def mix(a, b, t):
    x, y = (tuple(int(v[i:i + 2], 16) for i in (1, 3, 5)) for v in (a, b))
    return "#" + "".join(f"{round(p + (q - p) * t):02x}" for p, q in zip(x, y))


def tinted(colour, amount, **own):
    return {**{k: mix(v, colour, amount) for k, v in DAY.items()}, **own}


PALETTES = dict(
    day=DAY,
    leafy=tinted("#dfe9c8", .06, sky="#e3e8c6", far="#b3cba2", glow="#efb049"),
    dawn=tinted("#f08a5c", .10, sky="#f8cfa0", glow="#ee8a3a", far="#c3ab92", water="#7aa6a0",
                foam="#fbe3c3", wall="#fbe9d0", lamp="#fff0bf"),
    dusk=tinted("#5a3350", .20, sky="#efb184", glow="#f2a13f", far="#a98a86", water="#577f8a",
                deep="#234e5c", foam="#f3cfa6", wall="#f0d9ba", lamp="#ffe29a"),
    rain=tinted("#6f8a8c", .22, sky="#c6d3cd", glow="#e0b25c", far="#9cb5ae", water="#6a9a9b",
                deep="#275c62", foam="#e2ede8", wall="#eee9da", lamp="#ffe7ae", white="#f4f4ec"),
    night=tinted("#143038", .24, sky="#1c3f47", glow="#eeb657", far="#2c5a58", water="#1f6066",
                 deep="#0f3c43", foam="#6fb0a8", wall="#d6c49d", lamp="#ffdc8c", dark="#2b1d16",
                 leaf="#2f6b55", grass="#3b705c", soil="#5f4636", white="#f0e6cc", ink="#1a1714", roof="#9c4a2e", wood="#7d5535"),
)


def coloured(svg, palette):
    return re.sub(r"\$([a-z]+\d?)", lambda m: PALETTES[palette][m[1]], svg)


# ------------------------------------------------------------- primitives
def p(d, fill, op=1):
    return f'<path d="{d}" fill="{fill}"' + (f' opacity="{op}"' if op != 1 else "") + "/>"


def l(d, stroke, w=3, op=1, cap="round"):
    o = f' opacity="{op}"' if op != 1 else ""
    return (f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{w}" '
            f'stroke-linecap="{cap}" stroke-linejoin="round"{o}/>')


def c(x, y, r, fill, op=1):
    o = f' opacity="{op}"' if op != 1 else ""
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"{o}/>'


def e(x, y, rx, ry, fill, op=1):
    o = f' opacity="{op}"' if op != 1 else ""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"{o}/>'


def r(x, y, w, h, fill, rx=0, op=1):
    o = f' opacity="{op}"' if op != 1 else ""
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{rx}" fill="{fill}"{o}/>'


def at(x, y, s, *parts, rot=0, flip=False):
    t = f"translate({x} {y})" + (f" rotate({rot})" if rot else "")
    t += f" scale({-s if flip else s} {s})"
    return f'<g transform="{t}">{"".join(parts)}</g>'


def join(*parts):
    return "".join(parts)


# ------------------------------------------------------------ the big air
def sky(sun=None, clouds=(), fill="$sky"):
    """sun = (x, y, r); clouds = ((x, y, width), ...)"""
    out = r(0, 0, 640, 400, fill)
    if sun:
        x, y, q = sun
        out += c(x, y, q * 1.5, "$white", .4) + c(x, y, q, "$glow")
    for x, y, w in clouds:
        out += f'<g opacity=".55">{r(x, y, w, 20, "$white", 10)}{r(x + w * .28, y - 13, w * .45, 24, "$white", 10)}</g>'
    return out


def moon(x, y, q=26):
    return c(x, y, q * 1.7, "$lamp", .12) + c(x, y, q, "$lamp") + c(x + q * .42, y - q * .2, q * .86, "$sky")


def stars(seed, n=26, top=150):
    g = random.Random(seed)
    return join(*(c(round(g.uniform(10, 630)), round(g.uniform(8, top)), g.choice((1, 1.3, 1.8)), "$lamp", .75)
                  for _ in range(n)))


def treeline(y, seed=1, h=26, fill="$far", op=1):
    """A soft row of crowns whose foot is at y."""
    g, x, d = random.Random(seed), -20, f"M-20 {y}"
    while x < 660:
        w, k = g.uniform(38, 66), g.uniform(.55, 1.0) * h
        d += f"V{y - k * .55:.0f}q{w * .1:.0f}-{k * .75:.0f} {w * .5:.0f}-{k * .75:.0f}t{w * .5:.0f} {k * .75:.0f}"
        x += w
    return p(d + f"V{y}z", fill, op)


def hills(y, fill="$far", op=1):
    return p(f"M0 {y}v-34q70-40 140-18q56-62 124-30q70-28 128 14q60-44 130-16q60-22 118 16v68z", fill, op)


def river(y, seed=1, n=14, top=True, to=400):
    g = random.Random(seed)
    out = r(0, y, 640, to - y, "$water") + (r(0, y, 640, 9, "$deep", 0, .25) if top else "")
    for i in range(n):
        yy = y + 20 + (to - y - 30) * (i + g.random()) / n
        w = g.uniform(22, 46) * (1 + (yy - y) / (to - y))
        out += l(f"M{g.uniform(0, 600):.0f} {yy:.0f}h{w:.0f}", "$foam", 2.6, .85)
    return out


def glitter(x, y, n=4, w=50, fill="$glow"):
    return join(*(r(x - (w - i * 9) / 2 + (i % 2) * 6, y + i * 11, w - i * 9, 4, fill, 2, .6) for i in range(n)))


def rain(seed=3, n=70, op=.6):
    g = random.Random(seed)
    return join(*(l(f"M{(x := g.uniform(0, 660)):.0f} {(y := g.uniform(-10, 390)):.0f}l-7 21", "$white", 1.8, op)
                  for _ in range(n)))


def ripples(seed, n=9, top=290):
    g = random.Random(seed)
    out = ""
    for _ in range(n):
        x, y = g.uniform(20, 620), g.uniform(top, 390)
        out += f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="13" ry="3.6" fill="none" stroke="$foam" stroke-width="1.8" opacity=".8"/>'
    return out


def grass(y, seed=1, n=16, fill="$grass", to=400):
    g = random.Random(seed)
    out = r(0, y, 640, to - y, fill)
    for _ in range(n):
        x, yy = g.uniform(8, 630), g.uniform(y + 14, to - 6)
        out += l(f"M{x:.0f} {yy:.0f}l-4-8M{x:.0f} {yy:.0f}v-10M{x:.0f} {yy:.0f}l4-8", "$leaf", 2, .6)
    return out


# ---------------------------------------------------------------- greenery
def reeds(x, y, s=1, fill="$leaf"):
    return at(x, y, s, l("M0 0q-4-34-18-52M6 0q0-44-4-70M12 0q4-38 20-58M18 0q8-22 26-32", fill, 5))


def tree(x, y, s=1, crown="$leaf", trunk="$wood"):
    return at(x, y, s, p("M-5 0l2-60h6l2 60z", trunk), l("M0-40l16-18M0-48l-14-14", trunk, 4),
              p("M-44-70q-4-24 20-28q2-26 28-24q26-2 26 24q24 6 16 30q-4 16-26 14q-20 12-38 0q-22 4-26-16z", crown),
              p("M6-122q26-2 26 24q24 6 16 30q-4 16-26 14q-10 6-20 5q26-30 4-73z", "$dark", .1))


def tall_tree(x, y, h=220, w=10, crown="$leaf", trunk="$wood", s=1):
    return at(x, y, s, p(f"M{-w} 0q{w * .6}-8 {w * .5}-40V{-h}h{w}V-40q0 32 {w * .6} 40z", trunk),
              l(f"M0 {-h * .72}l30-26M0 {-h * .82}l-26-22", trunk, w * .5),
              e(0, -h - 6, 62, 36, crown), e(-36, -h * .92, 36, 22, crown), e(38, -h * .9, 40, 24, crown))


def banana(x, y, s=1, fill="$leaf"):
    leaf = "q22-44 72-30q-16 34-72 30z"
    return at(x, y, s, p("M-7 0q5-40 3-74h9q-1 40 4 74z", "$grass"), p("M-7 0q5-40 3-74h9q-1 40 4 74z", "$dark", .15),
              *(f'<g transform="rotate({a} 0 -70)">' + p("M0-70" + leaf, fill) + l("M2-71q30-18 64-26", "$foam", 1.6, .5) + "</g>"
                for a in (28, -28, -78, -128, -176)))


def bush(x, y, s=1, fill="$leaf"):
    return at(x, y, s, p("M-40 0q-10-24 12-30q8-22 28-12q20-12 28 10q22 6 14 32z", fill))


def pot(x, y, s=1, fill="$cloth"):
    return at(x, y, s, p("M0-26q-28-16-24-52q20 10 24 42q0-40 20-54q12 32-14 64z", "$leaf"),
              p("M-18-28h36l-6 28h-24z", fill), r(-21, -31, 42, 7, fill, 2), r(-21, -31, 42, 7, "$dark", 2, .18))


def sprout(x, y, s=1, fill="$foam"):
    return at(x, y, s, p("M0 0q-17-3-17-18q13 0 16 11q0-17 9-23q7 13-3 22q7-9 15-6q-3 14-20 14z", fill))


# ---------------------------------------------------------------- buildings
def cross(x, y, s=1):
    return at(x, y, s, l("M-13 2l25-18M13 2l-25-18", "$dark", 4.6))


def window(x, y, w=26, h=22, lit=False):
    f = "$lamp" if lit else "$deep"
    return (r(x, y, w, h, f) + l(f"M{x + w / 2} {y}v{h}M{x} {y + h / 2}h{w}", "$wall" if not lit else "$wood", 2.2, 1, "butt")
            + r(x - 3, y + h, w + 6, 3, "$wood"))


def stilt_house(x, y, s=1, roof="$roof", wall="$wall", lit=False, stilts=72, ladder=True):
    """x, y = left end of the deck's top."""
    legs = join(*(r(q, 8, 5, stilts, "$dark") for q in (4, 46, 94, 138)))
    brace = l(f"M8 {stilts * .75}l36-{stilts * .45}M140 {stilts * .75}l-36-{stilts * .45}", "$dark", 2.4, .7)
    steps = l("M66 8l-10 {0}M82 8l-10 {0}".format(stilts + 4) + "".join(f"M{66 - i * 2.3:.1f} {22 + i * 15}h15" for i in range(int(stilts / 15))), "$wood", 3.6)
    boards = l("M10-46h126M10-31h44M92-31h46M10-16h44M92-16h46", "$wood", 1.6, .4)
    return at(x, y, s, legs, brace, steps if ladder else "", r(-10, 0, 168, 9, "$wood"), r(-10, 6, 168, 3, "$dark", 0, .3),
              r(8, -60, 132, 60, wall), r(8, -60, 132, 9, "$dark", 0, .15), boards,
              r(60, -42, 24, 42, "$lamp" if lit else "$dark"), c(79, -20, 1.6, "$glow"),
              window(22, -42, lit=lit), window(100, -42, lit=lit),
              p("M-14-56L74-116L162-56z", roof), p("M74-116L162-56H96z", "$dark", .17), l("M-10-58h168", "$dark", 3, .3), cross(74, -114))


def house(x, y, s=1, roof="$roof", wall="$wall", lit=False, tin=False):
    """A house on the ground; x, y = left foot."""
    lines = l("M20-64l14-36M48-64l10-36M76-64v-36M104-64l-8-36M130-64l-12-36", "$dark", 1.6, .25) if tin else ""
    return at(x, y, s, r(6, -62, 138, 62, wall), r(6, -8, 138, 8, "$wood", 0, .55), r(62, -42, 26, 42, "$wood"), r(66, -38, 18, 34, "$dark", 0, .25),
              window(22, -44, 28, 22, lit), window(102, -44, 28, 22, lit), p("M-10-60L18-106H132L160-60z", roof), lines,
              p("M132-106l28 46H-10l2-4H128z", "$dark", .14))


def hall(x, y, s=1, roof="$roof"):
    """An open meeting hall (balai) with posts."""
    return at(x, y, s, r(-8, -14, 256, 14, "$grey"), r(6, -92, 228, 78, "$wall", 0, .55), *(r(q, -92, 8, 78, "$wood") for q in (2, 76, 156, 230)),
              r(0, -40, 240, 5, "$wood"), p("M-22-88L40-138H200L262-88z", roof), p("M200-138l62 50H120z", "$dark", .13),
              p("M78-132L120-176L162-132z", roof), p("M120-176l42 44h-34z", "$dark", .17), cross(120, -174))


def bridge(x, y, s=1, spans=2):
    out = ""
    for i in range(spans):
        a = i * 150
        out += l(f"M{a} 0q75-112 150 0", "$roof", 7)
        out += l("".join(f"M{a + 75 + k} 0v-{56 - abs(k) ** 1.85 / 48:.0f}" for k in (-48, -24, 0, 24, 48)), "$roof", 2.4)
    out += r(-30, -3, spans * 150 + 60, 8, "$dark") + join(*(r(i * 150 - 5, 4, 10, 38, "$dark") for i in range(spans + 1)))
    return at(x, y, s, out)


def walkway(x, y, w, legs=58, rail=False, step=52):
    posts = join(*(r(x + q, y + 6, 6, legs, "$dark") for q in range(10, w, step)))
    fence = ""
    if rail:
        fence = join(*(r(x + q, y - 34, 4, 34, "$wood") for q in range(10, w, step))) + r(x, y - 36, w, 5, "$wood") + r(x, y - 20, w, 3.5, "$wood")
    seams = l("".join(f"M{x + q} {y}v10" for q in range(16, w, 17)), "$dark", 1.4, .35, "butt")
    return posts + r(x, y, w, 10, "$wood") + seams + fence


# -------------------------------------------------------------------- boats
def boat(x, y, s=1, band="$cloth", roof=True, hull="$dark", flip=False, crew=""):
    """x, y = the middle of the hull at the water line."""
    awning = l("M-50-6v-46M42-6v-46", "$dark", 3.6) + p("M-66-48q58-24 124 0v7H-66z", "$wall") + p("M-66-44q58-8 124 0v3H-66z", "$dark", .14) if roof else ""
    return at(x, y, s, e(0, 22, 104, 5, "$deep", .35), awning if roof else "", crew,
              p("M-112-12q22 32 66 32h82q46 0 74-40l-36 12H-76z", hull), p("M-112-12l40 5H72l38-13-9 15q-16 6-42 6H-76q-22 0-36-13z", band), flip=flip)


def canoe(x, y, s=1, crew="", flip=False, hull="$wood"):
    return at(x, y, s, e(0, 13, 84, 4, "$deep", .35), crew, p("M-92-10q26 22 60 22h64q34 0 60-22l-22 5H-70z", hull), p("M-92-10l22 5H70l22-5-8 7q-8 4-18 4H-66q-12 0-18-4z", "$dark", .3), flip=flip)


# ------------------------------------------------------------------- people
POSES = dict(
    down=((-18, -42), (18, -42)), wave=((-18, -42), (25, -106)), up=((-24, -108), (24, -108)),
    hold=((-7, -52), (9, -52)), reach=((-17, -44), (36, -66)), both=((31, -60), (35, -56)),
    low=((22, -36), (30, -34)), raise_=((-17, -44), (31, -84)), hip=((-15, -50), (17, -44)), chin=((-18, -44), (12, -72)),
    wide=((-34, -60), (34, -60)), none=None,
)


def head(kind, skin, cover):
    """Drawn round (0, 0): the head's middle."""
    h = c(0, 0, 10.5, skin)
    hair = p("M-11 1a11 11 0 0 1 22 0q-10-8-22 0z", cover)
    if kind == "hair":
        return h + hair
    if kind == "long":
        return p("M-12.500 0a12.500 12.500 0 0 1 25 0v20q-6 1-7-4v-12h-11v12q-1 5-7 4z", cover) + h + hair
    if kind == "bun":
        return c(9, -10, 5.5, cover) + h + hair
    if kind == "back":
        return h + c(0, -1, 11, cover)
    if kind == "backlong":
        return h + p("M-12 0a12 12 0 0 1 24 0v16q-12 5-24 0z", cover)
    if kind == "hat":
        return h + p("M-20-1Q-8-9 0-17Q8-9 20-1Q0-7-20-1z", "$glow") + l("M-20-1Q0-8 20-1", "$wood", 1.6, .7)
    if kind == "jilbab":
        return p("M-13 0a13 13 0 0 1 26 0c0 9 6 13 7 23q-20 9-40 0c1-10 7-14 7-23z", cover) + e(0, 1, 7.4, 8.6, skin)
    if kind == "jilbabback":
        return p("M-13 0a13 13 0 0 1 26 0c0 9 6 13 7 23q-20 9-40 0c1-10 7-14 7-23z", cover)
    if kind == "cap":
        return h + p("M-11-1a11 11 0 0 1 22 0h9q1 3-3 3H-11z", cover)
    if kind == "peci":
        return h + p("M-10.500-3l1.500-10h18l1.500 10z", cover)
    if kind == "helmet":
        return h + p("M-15 0h3a12 12 0 0 1 24 0h3q0 3-3 3h-24q-3 0-3-3z", cover)
    if kind == "lawung":
        return h + hair + r(-11, -6, 22, 4.5, "$roof") + p("M7-6q-1-14 7-22q4 12-2 22z", "$white")
    return h


HAIR = {"hair": "$ink", "long": "$ink", "bun": "$ink", "back": "$ink", "backlong": "$ink", "lawung": "$ink",
        "jilbab": "$rose", "jilbabback": "$rose", "cap": "$deep", "peci": "$ink", "helmet": "$glow", "hat": "$glow", "bare": "$ink"}


def person(x, y, s=1, cloth="$deep", skin=2, hd="hair", cover=None, pose="down", legs="$dark", sit=None,
           skirt=None, flip=False, lean=0, prop="", behind=""):
    """x, y = the point on the ground between the feet.

    sit: None standing; "floor" cross-legged; "bust" cut at the waist; "squat".
    """
    sk = f"$skin{skin}"
    drop = {"floor": 30, "bust": 42, "squat": 26}.get(sit, 0)
    low = ""
    if sit is None:
        if skirt:
            low = p("M-14-46h28l5 42q-19 4-38 0z", skirt) + e(-7, -1, 6, 3, sk) + e(8, -1, 6, 3, sk)
        else:
            low = l("M-7-44l-1 40M7-44l1 40", legs, 10.5, 1, "butt") + e(-9, -2, 8, 3.2, "$ink") + e(11, -2, 8, 3.2, "$ink")
    elif sit == "floor":
        low = p("M-29 1q-4-13 14-17h30q18 4 14 17q-29 5-58 0z", skirt or legs) + l("M-22 1q14-10 30-9M22 1q-8-6-14-7", "$ink", 2, .35)
    elif sit == "kick":
        low = l("M-6-44l-3 40", legs, 10.5, 1, "butt") + l("M6-44L22-14", legs, 10.5, 1, "butt") + e(-10, -2, 8, 3.2, "$ink") + p("M17-14l8-3l10 6q1 4-4 5z", "$ink")
    elif sit == "squat":
        low = l("M-8-14l-11-8l2 20M8-14l12-10l1 22", legs, 11) + e(-16, -1, 8, 3.2, "$ink") + e(23, -1, 8, 3.2, "$ink")
    body = p("M-15-42C-16-68-15-78-6-79.500H6C15-78 16-68 15-42q-15 3-30 0z", cloth)
    arms = ""
    if POSES[pose]:
        for i, (hx, hy) in enumerate(POSES[pose]):
            sx = -12 if i == 0 else 12
            ex, ey = (sx + hx) / 2 + (-5 if hx < sx else 5 if hx > sx + 12 else (-4 if i == 0 else 5)), (-72 + hy) / 2 + 5
            d = f"M{sx}-72Q{ex:.0f} {ey:.0f} {hx} {hy}"
            arms += l(d, cloth, 8.5) + l(d, "$dark", 8.5, .2) + c(hx, hy, 4.6, sk)
    top = f'<g transform="translate(0 {drop}) rotate({lean} 0 -42)">' + behind + r(-4, -84, 8, 9, sk) + body + f'<g transform="translate(0 -90)">{head(hd, sk, cover or HAIR[hd])}</g>' + arms + prop + "</g>"
    return at(x, y, s, low, top, flip=flip)


def crowd(specs, y, s=1, **kw):
    """specs = ((x, cloth, skin, head, cover), ...) seated in one row."""
    below = ("$deep", "$roof", "$plum", "$leaf")
    return join(*(person(x, y, s, cl, sk, hd, cv, legs=next(b for b in below[i % 4:] + below if b != cl), **kw)
                  for i, (x, cl, sk, hd, cv) in enumerate(specs)))


# ------------------------------------------------------------------- things
def basket(x, y, s=1, load="$leaf"):
    heap = {"$leaf": p("M-27-18q-7-26 8-30q8-14 19-5q12-11 18 4q15 6 9 31z", "$leaf") + p("M-10-20q-6-16 2-26q8 8 4 26zM10-20q0-14 9-20q4 12-3 20z", "$foam", .35)}.get(
        load, join(*(c(q, w, 8, load) for q, w in ((-17, -22), (0, -24), (17, -22), (-8, -35), (9, -35)))) + c(-11, -37, 2.4, "$white", .5) + c(6, -37, 2.4, "$white", .5))
    return at(x, y, s, heap, p("M-30-20h60l-8 24h-44z", "$cloth"), l("M-28-12h56M-26-4h52M-14-20l3 24M0-20v24M14-20l-3 24", "$dark", 1.8, .38))


def stall(x, y, s=1, stripe="$roof", body="", goods=""):
    """x, y = the left foot of the table; 240 wide."""
    awn = p("M22-280h196l26 58H-4z", stripe) + p("M62-280h33l-9 58H41zM145-280h33l21 58h-43z", "$wall")
    scal = join(*(p(f"M{-4 + i * 41.3:.1f}-222h41.3a20.65 19 0 0 1-41.3 0z", stripe if i % 2 == 0 else "$wall") for i in range(6)))
    return at(x, y, s, r(12, -240, 7, 240, "$dark"), r(221, -240, 7, 240, "$dark"), body, awn, scal, p("M-4-222h248v5H-4z", "$dark", .12),
              r(0, -92, 240, 92, "$wood"), r(-6, -96, 252, 12, "$wood"), r(-6, -86, 252, 6, "$dark", 0, .3), l("M60-84v84M120-84v84M180-84v84", "$dark", 2, .28, "butt"), goods)


def lamp_hang(x, y, drop=40, s=1):
    return at(x, y, s, l(f"M0 0v{drop}", "$dark", 2.4), p(f"M-14 {drop + 10}q2-14 14-14t14 14z", "$deep"), c(0, drop + 13, 7, "$lamp"),
              c(0, drop + 13, 34, "$lamp", .18))


def paper_lines(x, y, w, n=3, gap=9, fill="$dark"):
    return l("".join(f"M{x} {y + i * gap}h{w if i < n - 1 else w * .6:.0f}" for i in range(n)), fill, 3, .45)


def board(x, y, w=220, h=130, roof=True):
    """A roofed noticeboard; x, y = its top left."""
    sheets = (r(x + 14, y + 14, w * .3, h * .62, "$white") + r(x + 20, y + 20, w * .3 - 12, h * .24, "$cloth") + paper_lines(x + 20, y + h * .24 + 30, w * .3 - 14)
              + r(x + w * .42, y + 12, w * .24, h * .38, "$foam") + paper_lines(x + w * .42 + 7, y + 24, w * .24 - 14)
              + r(x + w * .42, y + h * .5, w * .24, h * .36, "$lamp") + paper_lines(x + w * .42 + 7, y + h * .5 + 12, w * .24 - 14)
              + r(x + w * .73, y + 16, w * .2, h * .66, "$white") + c(x + w * .83, y + 34, 12, "$leaf") + paper_lines(x + w * .73 + 7, y + h * .5, w * .2 - 14, 3))
    pins = join(*(c(a, b, 3, "$roof") for a, b in ((x + 14 + w * .15, y + 17), (x + w * .54, y + 15), (x + w * .54, y + h * .5 + 3), (x + w * .83, y + 19))))
    top = p(f"M{x - 24} {y - 4}L{x + w / 2} {y - 46}L{x + w + 24} {y - 4}z", "$roof") + p(f"M{x + w / 2} {y - 46}L{x + w + 24} {y - 4}H{x + w / 2 + 30}z", "$dark", .17) if roof else ""
    return (r(x + 10, y + h, 10, 400, "$dark") + r(x + w - 20, y + h, 10, 400, "$dark") + r(x - 6, y - 6, w + 12, h + 12, "$wood") + r(x, y, w, h, "$deep")
            + sheets + pins + top)


def weave_defs(name="wv", k=1.0):
    return (f'<defs><pattern id="{name}" width="24" height="24" patternUnits="userSpaceOnUse" patternTransform="scale({k})"><path d="M0 0h24v24H0z" fill="$wood"/>'
            '<path d="M3.500 3.500l17 17" stroke="$glow" stroke-width="6"/><path d="M-3 27l11-11M16 8l11-11M-3 3l6-6M21 27l6-6" stroke="$wall" stroke-width="6"/></pattern></defs>')


def rattan_bag(x, y, s=1, pat="wv", rim="$roof"):
    return at(x, y, s, e(0, 2, 82, 8, "$dark", .25), l("M-44-104c0-84 88-84 88 0", "$dark", 8), p("M-78-106H78L62 0H-62z", f"url(#{pat})"), p("M40-106H78L62 0H30z", "$dark", .14),
              r(-82, -114, 164, 13, "$dark"), r(-82, -110, 164, 5, rim))


def bowl_basket(x, y, s=1, pat="wv"):
    return at(x, y, s, e(0, 2, 58, 7, "$dark", .25), p("M-58-54H58q-4 40-18 54h-80q-14-14-18-54z", f"url(#{pat})"), e(0, -54, 58, 12, "$dark"), e(0, -51, 48, 8, "$wood"))


def table(x, y, w, h=60, fill="$wood"):
    return r(x, y, w, 11, fill) + r(x, y + 9, w, 5, "$dark", 0, .3) + r(x + 12, y + 14, 8, h, fill) + r(x + w - 20, y + 14, 8, h, fill) + r(x + 12, y + 14, 8, h, "$dark", 0, .25) + r(x + w - 20, y + 14, 8, h, "$dark", 0, .25)


def desk(x, y, w, front="$wood", h=100):
    """A table with a closed front, for people seated behind it."""
    return r(x + 10, y + 8, w - 20, h, front) + r(x + 10, y + 8, w - 20, 12, "$dark", 0, .25) + r(x, y, w, 12, "$wood", 2) + r(x, y + 8, w, 4, "$dark", 0, .25)


def room(wall="$far", floor="$wood", y=300, planks=True):
    out = r(0, 0, 640, 400, wall) + r(0, y, 640, 400 - y, floor) + r(0, y, 640, 9, "$dark", 0, .22)
    if planks:
        out += l(f"M120 {y + 9}L60 400M260 {y + 9}L236 400M400 {y + 9}L424 400M540 {y + 9}L600 400", "$dark", 2, .25)
    return out


def view(x, y, w, h, scene, frame="$wood", name="v"):
    """A window onto a little landscape."""
    return (f'<clipPath id="{name}"><rect x="{x}" y="{y}" width="{w}" height="{h}"/></clipPath><g clip-path="url(#{name})">{scene}</g>'
            + l(f"M{x} {y}h{w}v{h}h{-w}z", frame, 9) + l(f"M{x + w / 2} {y}v{h}", frame, 5) + r(x - 12, y + h + 3, w + 24, 8, frame))


def small_river(x, y, w, h, sun=True):
    return (r(x, y, w, h, "$sky") + (c(x + w * .3, y + h * .32, h * .15, "$glow") if sun else "") + p(f"M{x} {y + h * .62}q{w * .15} {-h * .2} {w * .3} 0t{w * .35}-4t{w * .35} 4v{h * .2}H{x}z", "$leaf", .55)
            + r(x, y + h * .64, w, h * .4, "$water") + l(f"M{x + w * .1} {y + h * .78}h{w * .2}M{x + w * .55} {y + h * .72}h{w * .18}M{x + w * .6} {y + h * .88}h{w * .25}", "$foam", 2.4))


def loudspeaker(x, y, s=1, flip=False):
    return at(x, y, s, p("M0-11L44-32V32L0 11z", "$grey"), p("M0 0L44 0V32L0 11z", "$dark", .18), e(44, 0, 9, 32, "$wall"), e(45, 0, 5, 19, "$dark", .55), r(-16, -11, 20, 22, "$deep", 4), flip=flip)


def waves(x, y, s=1, flip=False):
    return at(x, y, s, l("M0-20q14 20 0 40", "$glow", 5), l("M16-34q24 34 0 68", "$glow", 5, .75), l("M34-48q34 48 0 96", "$glow", 5, .5), flip=flip)


def flag(x, y, h=130):
    return r(x, y - h, 4, h, "$grey") + p(f"M{x + 4} {y - h}q16-6 30 0t26 0v17q-12 6-26 0t-30 0z", "$roof") + p(f"M{x + 4} {y - h + 17}q16-6 30 0t26 0v17q-12 6-26 0t-30 0z", "$white")


def books(x, y, widths="8 11 7 9 12 8 10 7", seed=1, h=38):
    g, out = random.Random(seed), ""
    for w in map(int, widths.split()):
        k = h - g.randint(0, 9)
        f = g.choice(("$roof", "$deep", "$glow", "$leaf", "$cloth", "$wall", "$plum"))
        out += r(x, y - k, w, k, f, 1) + r(x, y - k + 6, w, 3, "$dark", 0, .25)
        x += w + 1
    return out


def sack(x, y, s=1, fill="$wall", mark="$leaf"):
    return at(x, y, s, p("M-24 0q-10-30-2-52q8-6 26-6t26 6q8 22-2 52q-24 5-48 0z", fill), p("M10-57q8 0 16 5q8 22-2 52q-6 2-14 2q10-30 0-59z", "$dark", .12), l("M-17-54q17 6 34 0", "$wood", 3.5), p("M-10-20l10-17l10 17z", mark))


def fish(x, y, s=1, fill="$foam", flip=False):
    return at(x, y, s, p("M-22 0q16-15 36 0q-20 15-36 0z", fill), p("M12 0l14-9v18z", fill), c(-12, -2, 1.8, "$dark"), flip=flip)


def cone(x, y, s=1):
    return at(x, y, s, p("M-10 0L-3-36h6L10 0z", "$cloth"), p("M-7.500-12h15l1.500 7h-18zM-5.500-24h11l1 6h-13z", "$white"), r(-15, -3, 30, 5, "$dark", 2))


def motorbike(x, y, s=1, body="$roof"):
    wheel = lambda q: c(q, -22, 22, "$ink") + c(q, -22, 14, "$grey") + c(q, -22, 4, "$dark")
    return at(x, y, s, e(0, 1, 92, 6, "$dark", .2), wheel(-56), wheel(58), l("M58-22L40-76L28-84", "$dark", 6), p("M-70-56q28-10 46 0h22q16 0 24-16l14-4 6 18-18 24h-38q-10-12-30-10q-16 0-26-12z", body),
              p("M-66-62q20-12 52-4q4 6 2 10h-50z", "$dark"), r(-18, -36, 34, 20, "$grey", 6), l("M-20-18h-40", "$grey", 6), c(44, -72, 8, "$lamp"), l("M28-84l-12-4", "$ink", 5))


def screen(x, y, s=1, show="$water"):
    return at(x, y, s, r(-6, -16, 12, 16, "$dark"), r(-22, -4, 44, 5, "$dark", 2), r(-40, -72, 80, 58, "$ink", 5), r(-35, -67, 70, 46, show), r(-28, -60, 34, 5, "$white", 2, .85), r(-28, -50, 48, 4, "$white", 2, .55), r(-28, -42, 40, 4, "$white", 2, .55), r(-28, -33, 20, 8, "$glow", 2))


def tripod_phone(x, y, s=1, scene=""):
    return at(x, y, s, l("M-6-118l-46 118M0-118v118M6-118l46 118", "$dark", 7), f'<g transform="rotate(-4 0 -165)">', r(-84, -220, 168, 104, "$ink", 12), r(-74, -211, 138, 86, "$sky"), scene, c(74, -168, 5, "$roof"), "</g>")
