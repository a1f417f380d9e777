# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the demo scenes: one JPEG of 1280 x 800 each, plus pictures.tsv.

    pip install cairosvg pillow
    python draw.py                 all of them
    python draw.py keramba radio   only these
    python draw.py --sheet f.png   also a contact sheet to look at
"""
import io
import sys
from pathlib import Path

import cairosvg
from PIL import Image

from parts import *

HERE = Path(__file__).parent
LIMIT = 58_000
SCENES = {}


def scene(name, palette, alt, caption):
    def keep(f):
        SCENES[name] = (palette, alt, caption, f)
        return f
    return keep


# ------------------------------------------------------------ river and rain
@scene("sungai-pagi", "dawn", "Matahari terbit di atas sungai, dengan jembatan lengkung, rumah panggung, dan perahu nelayan.", "Pagi di tepi sungai, sebelum mesin perahu menyala.")
def _():
    return join(sky((214, 150, 48), ((360, 60, 130), (60, 84, 80))), treeline(216, 4, 34), river(214, 2), bridge(20, 206, .95), glitter(214, 236, 5, 70),
                stilt_house(478, 230, 1, "$dark", "$foam", True, 66, False), stilt_house(318, 248, 1.08, lit=True, stilts=80),
                canoe(176, 318, 1.05, person(-34, 2, .9, "$deep", 2, "hat", pose="hold", sit="bust") + person(30, 2, .9, "$roof", 3, "hair", pose="chin", sit="bust")),
                reeds(8, 404, 1), reeds(590, 410, .9))


@scene("titian-baru", "day", "Seorang warga memaku papan baru titian, temannya membawa papan, di antara rumah panggung.", "Papan lama diganti, satu petak setiap sore.")
def _():
    return join(sky((540, 80, 34), ((90, 60, 120), (330, 40, 90))), treeline(190, 7, 28), river(190, 5), stilt_house(20, 226, .9, "$dark", "$foam", stilts=70, ladder=False),
                stilt_house(470, 214, .95, stilts=72, ladder=False), walkway(-10, 300, 660, 74, True, 64),
                r(250, 300, 150, 10, "$glow"), l("M268 300v10M286 300v10M304 300v10M322 300v10M340 300v10M358 300v10M376 300v10", "$wood", 1.5),
                person(274, 300, 1.24, "$leaf", 2, "helmet", pose="raise_", sit="squat", prop=l("M31-84l14-14", "$glow", 5) + f'<g transform="rotate(44 46 -100)">{r(35, -106, 24, 11, "$ink", 2)}</g>'),
                person(420, 300, 1.24, "$roof", 1, "cap", pose="hold", flip=True, prop=r(-44, -60, 92, 8, "$glow") + c(-7, -56, 4.6, "$skin1") + c(9, -56, 4.6, "$skin1")),
                *(r(500, 292 - i * 8, 96 - i * 6, 7, ("$glow", "$cloth", "$glow", "$wood")[i]) for i in range(4)), reeds(20, 404, .9), reeds(596, 406, .8))


@scene("perahu-sekolah", "day", "Anak-anak berseragam menumpang perahu beratap menuju sekolah di seberang sungai.", "Perahu sekolah berangkat pukul enam lebih seperempat.")
def _():
    kid = lambda x, sk, hd, cv=None: person(x, -2, .66, "$white", sk, hd, cv, pose="hold", sit="bust", prop=r(-15, -62, 8, 24, "$roof", 2))
    return join(sky((112, 88, 36), ((250, 56, 130), (470, 84, 90))), treeline(196, 11, 32), house(430, 198, .62, "$deep"), flag(540, 198, 80), river(196, 9),
                boat(318, 296, 1.75, "$glow", True, crew=kid(-36, 3, "jilbab", "$white") + kid(-14, 2, "hair") + kid(8, 4, "long") + kid(29, 1, "hair") + person(64, -8, .76, "$deep", 2, "hat", pose="none", sit="bust")),
                l("M60 340q30 12 66 4M520 352h80", "$foam", 4), reeds(560, 408, 1.1), reeds(4, 400, .9))


@scene("tanda-air", "rain", "Tiang ukur tinggi air bercat kuning dan merah di samping titian, seorang warga memeriksanya.", "Tinggi air dicatat pagi dan sore, lalu dikabarkan.")
def _():
    marks = r(-13, -190, 26, 190, "$white") + r(-13, -70, 26, 34, "$glow") + r(-13, -120, 26, 40, "$roof") + l("".join(f"M-13 {-i * 12 - 8}h{14 if i % 2 else 9}" for i in range(15)), "$dark", 2, 1, "butt") + p("M-19-190L0-208L19-190z", "$dark")
    return join(sky(None, ((60, 50, 150), (300, 34, 130), (480, 70, 120))), treeline(184, 3, 30), river(184, 6), stilt_house(-40, 236, 1, "$dark", "$foam", True, 40, False), stilt_house(452, 226, 1.05, lit=True, stilts=44, ladder=False), ripples(4),
                at(350, 330, 1.25, marks), walkway(-10, 318, 300, 60, False), walkway(420, 318, 240, 60, False),
                person(232, 318, 1.3, "$glow", 3, "jilbab", "$glow", pose="reach", legs="$deep", prop=r(-24, -54, 16, 22, "$white", 2)), e(350, 331, 34, 5, "$foam", .8), rain(8, 60))


@scene("hujan-titian", "rain", "Ibu dan anak berjalan di bawah payung besar di atas titian saat hujan.", "Hujan turun, titian tetap dilalui dengan hati-hati.")
def _():
    umb = at(0, -150, 1, l("M0 0v70", "$dark", 3.4), p("M-74 6Q-60-48 0-52Q60-48 74 6q-18-10-37 0q-18-10-37 0q-19-10-37 0q-18-10-37 0z", "$roof"), p("M-20-51Q-40-20-37 6q-18-10-37 0Q-60-48 0-52zM20-51Q40-20 37 6q18-10 37 0Q60-48 0-52z", "$cloth"), l("M0-52v-8", "$dark", 4))
    return join(sky(None, ((30, 44, 160), (250, 64, 120), (460, 36, 150))), treeline(196, 13, 30), river(196, 4), stilt_house(40, 226, .95, "$deep", "$wall", True, 70, False), stilt_house(462, 222, 1, "$roof", "$foam", True, 74, False),
                walkway(-10, 316, 660, 70, True, 66), at(306, 316, 1.32, umb.replace("translate(0 -150)", "translate(15 -150)"), person(-16, 0, 1, "$plum", 2, "jilbab", "$lamp", pose="raise_", skirt="$deep"), person(34, 0, .72, "$glow", 3, "hair", pose="down")),
                rain(5, 80), ripples(9, 8, 345))


@scene("keramba", "leafy", "Petani ikan memberi pakan dari tepi keramba apung di sungai.", "Pakan ditebar dua kali sehari di keramba apung.")
def _():
    cage = lambda x, y, s: at(x, y, s, p("M0 0h150l26 62H-26z", "$deep"), l("M0 0h150l26 62H-26z", "$wood", 9), l("M75 0v62M-12 30h174", "$wood", 6), *(e(q, 74 if i else 72, 22, 8, "$roof") for i, q in enumerate((0, 75, 150))), fish(36, 18, .6), fish(108, 44, .7, "$glow"), fish(40, 48, .6, flip=True), fish(116, 14, .5, flip=True))
    return join(sky((470, 84, 38), ((80, 58, 130), (280, 82, 90))), treeline(182, 5, 34), treeline(186, 9, 18, "$leaf", .6), river(182, 3), cage(60, 214, .8), cage(390, 210, .85), stilt_house(248, 226, .62, stilts=30, ladder=False),
                cage(262, 316, 1.05), walkway(-10, 322, 244, 66, False), person(190, 322, 1.3, "$roof", 2, "hat", pose="reach", prop=join(*(c(44 + i * 6, -60 + (i * 7) % 19, 2.2, "$glow") for i in range(7))) + p("M-28-46h22l-4 22h-14z", "$wood")),
                person(96, 322, 1.18, "$leaf", 3, "long", pose="hold", skirt="$plum", prop=p("M-16-58h34l-6 18h-22z", "$cloth")), reeds(600, 408, 1))


@scene("dermaga", "dusk", "Perahu-perahu bersandar di dermaga kayu saat senja, penumpang berjalan membawa bawaan.", "Perahu terakhir sore ini menunggu dua penumpang lagi.")
def _():
    return join(sky((322, 162, 54), ((60, 66, 120), (430, 50, 140))), treeline(210, 15, 30), river(208, 12), glitter(322, 226, 6, 90), canoe(520, 268, .8, hull="$dark"),
                boat(492, 332, 1.15, "$glow", True, crew=person(-8, -2, .8, "$leaf", 2, "cap", pose="low", sit="bust")), boat(78, 300, .8, "$roof", True),
                p("M220 400L286 238h66L436 400z", "$wood"), l("M274 266h90M264 290h112M254 316h136M242 344h160M230 372h188", "$dark", 2.2, .35, "butt"), *(r(x, y, 7, 54, "$dark") for x, y in ((272, 226), (360, 226), (236, 306), (410, 306))),
                p("M282 238V168h8v70zM348 238v-70h8v70z", "$dark"), p("M262 172L319 132L376 172z", "$roof"), p("M319 132l57 40h-42z", "$dark", .2), r(288, 180, 62, 18, "$deep", 2), l("M298 189h42", "$lamp", 4),
                person(306, 330, 1.08, "$deep", 3, "jilbab", "$foam", pose="down", skirt="$plum", prop=p("M10-46h18l3 22H7z", "$glow")), person(356, 356, 1.15, "$cloth", 1, "hair", pose="hold", prop=r(-20, -62, 40, 30, "$wall", 2) + r(-20, -50, 40, 4, "$roof")))


# ------------------------------------------------------------------- market
@scene("pasar-subuh", "night", "Lapak sayur dengan lampu gantung di pasar sebelum matahari terbit.", "Pasar subuh ramai sejak pukul empat pagi.")
def _():
    body = lambda cl, sk, hd, cv: r(19, -234, 202, 144, "$soil") + r(19, -234, 202, 144, "$lamp", 0, .3) + person(120, -92, 1.6, cl, sk, hd, cv, pose="none", sit="bust")
    heaps = lambda a, b, d: join(basket(44, -92, 1, a), basket(120, -84, .86, b), basket(196, -92, 1, d))
    bulb = lambda x: l(f"M{x} 146v16", "$dark", 2.4) + c(x, 166, 6, "$lamp") + c(x, 166, 16, "$lamp", .35)
    return join(sky(), stars(4), moon(318, 56, 22), treeline(212, 8, 38), r(0, 208, 640, 200, "$soil"), r(0, 208, 640, 8, "$dark", 0, .3), e(180, 384, 170, 18, "$lamp", .2), e(470, 384, 170, 18, "$lamp", .2),
                stall(54, 372, 1, "$roof", body("$deep", 3, "jilbab", "$white"), heaps("$leaf", "$roof", "$glow")), bulb(114), bulb(236), stall(350, 372, 1, "$deep", body("$roof", 3, "hat", None), heaps("$glow", "$cloth", "$leaf")), bulb(410), bulb(532),
                person(308, 392, 1.36, "$plum", 3, "long", pose="down", skirt="$deep", prop=p("M10-46h20l4 26H6z", "$glow")), person(352, 394, .9, "$leaf", 2, "cap", "$roof", pose="down"))


@scene("pasar-sayur", "day", "Pedagang sayur melayani pembeli di lapak bertenda belang.", "Harga hari ini ditulis di papan, bisa ditawar.")
def _():
    tag = lambda x: r(x - 15, -74, 30, 17, "$white", 2) + l(f"M{x - 9}-65h18", "$dark", 3, .6)
    goods = join(basket(40, -92, 1.05), basket(120, -92, 1.05, "$roof"), basket(200, -92, 1.05, "$glow"), tag(40), tag(120), tag(200))
    body = at(206, -228, 1, *(f'<g transform="rotate({a})">' + p("M-5 10q-9 26 0 44q9-18 6-44z", "$glow") + "</g>" for a in (26, 0, -26))) + person(96, -92, 1.75, "$leaf", 3, "hat", pose="none", sit="bust")
    return join(sky((92, 82, 34), ((300, 44, 110), (480, 74, 110))), treeline(210, 6, 36), r(0, 208, 640, 200, "$sky"), r(0, 300, 640, 100, "$far", 0, .6), house(-34, 254, .9, "$deep", "$wall"), house(520, 254, .9, "$dark", "$foam"), r(0, 252, 640, 150, "$soil", 0, .55),
                stall(196, 376, 1.18, "$roof", body, goods), person(118, 388, 1.45, "$plum", 2, "bun", pose="reach", skirt="$deep"), person(548, 390, 1.45, "$glow", 4, "jilbab", "$deep", pose="reach", skirt="$dark", flip=True, prop=p("M-28-46h22l4 28h-30z", "$roof")))


@scene("tas-rotan", "leafy", "Tas, bakul, dan tikar anyaman rotan dipajang di atas meja.", "Setiap tas dikerjakan tiga hari oleh satu orang.")
def _():
    mat = at(64, 74, 1, p("M0 0h120v126H0z", "url(#wv2)"), l("M0 0h120v126H0z", "$dark", 6), l("M60 0v-20", "$dark", 3))
    return join(weave_defs("wv"), weave_defs("wv2", .8), r(0, 0, 640, 400, "$far"), *(r(0, 46 + i * 76, 640, 2.5, "$dark", 0, .1) for i in range(4)), r(0, 296, 640, 104, "$leaf"), r(0, 296, 640, 11, "$dark", 0, .18), mat,
                r(392, 172, 200, 10, "$wood"), r(410, 182, 7, 26, "$dark"), r(566, 182, 7, 26, "$dark"), bowl_basket(450, 171, .56), pot(546, 171, .85), rattan_bag(312, 352, 1.36), bowl_basket(500, 356, 1.02), at(500, 304, 1, l("M-24 0q-6-46 6-82M0 0q6-50-4-96M22 0q-2-44 12-76", "$glow", 5)),
                at(122, 356, 1, e(0, 2, 66, 8, "$dark", .25), e(0, -22, 60, 24, "$glow"), e(0, -22, 44, 16, "$wood"), e(0, -22, 30, 10, "$glow"), e(0, -22, 16, 5, "$dark")))


@scene("menganyam", "day", "Seorang ibu dan anaknya duduk di lantai menganyam tikar rotan di bawah jendela.", "Pola anyaman dipelajari dari ibu, sore demi sore.")
def _():
    return join(weave_defs("wv"), room("$wall", "$wood", 276), l("M0 92h640M0 184h640", "$wood", 2, .35), view(232, 54, 184, 132, small_river(232, 54, 184, 132)), at(80, 120, 1, p("M-40-50h80v96h-80z", "url(#wv)"), l("M-40-50h80v96h-80z", "$dark", 5)), at(520, 252, 1, r(-52, 20, 130, 10, "$dark"), *(l(f"M{-30 + i * 17} 20q{-8 + i * 5}-70 {-12 + i * 9}-116", "$glow" if i % 2 else "$cloth", 6) for i in range(6)), p("M-44-34H60L48 22H-32z", "$deep"), l("M-44-20H56M-40-2h92", "$foam", 2.5, .5)),
                p("M196 338L430 338L492 392H134z", "url(#wv)"), p("M196 338L430 338L492 392H134z", "$dark", .06), l("M134 392H492M430 338L492 392", "$dark", 4, .5), person(236, 350, 1.72, "$roof", 2, "bun", pose="low", sit="floor", skirt="$deep"), person(424, 352, 1.32, "$glow", 3, "long", pose="low", sit="floor", skirt="$leaf", flip=True), l("M300 322l30 26M318 316l24 30M344 318l-4 30M372 324l-18 24", "$glow", 5))


# --------------------------------------------------------------- fields, peat
@scene("ladang-sawi", "day", "Dua petani memanen sawi di bedengan panjang lahan gambut.", "Sawi dipanen pagi, sampai pasar sebelum siang.")
def _():
    rows = join(*(p(f"M{320 + (i - 2.5) * 34 - 7:.0f} 214h14L{320 + (i - 2.5) * 190 + 62:.0f} 400h-124z", "$leaf") for i in range(6)))
    pl = join(*(sprout(round(320 + (i - 2.5) * (34 + 156 * t)), round(214 + 186 * t), .35 + 1.15 * t) for t in (.12, .3, .54, .86) for i in range(6)))
    return join(sky((472, 88, 38), ((84, 60, 130), (270, 88, 84))), hills(214, "$far"), treeline(214, 3, 18, "$leaf", .55), r(0, 210, 640, 190, "$soil"), rows, pl, house(44, 216, .56), person(222, 322, 1.34, "$deep", 2, "hat", pose="low", lean=22), person(424, 290, 1.16, "$roof", 3, "hat", pose="hold", flip=True, prop=p("M-22-58h44l-8 26h-28z", "$cloth") + p("M-22-58q-2-20 12-18q8-12 18-2q16-2 14 20z", "$leaf")), banana(600, 224, .8), basket(320, 388, 1.1))


@scene("persemaian", "leafy", "Warga menyiram bibit pohon di persemaian beratap jaring.", "Bibit belangeran disiram bergiliran setiap sore.")
def _():
    bed = lambda x, y, n, s: r(x - 8, y, n * 30 * s + 8, 12 * s, "$wood") + join(*(at(x + 8 + i * 30 * s, y, s, p("M-8-18h16l-2 18h-12z", "$dark"), l("M0-18v-16", "$leaf", 3), p("M0-30q-16-2-16-17q15 2 16 17zM0-34q2-16 16-16q0 15-16 16z", "$leaf")) for i in range(n)))
    return join(sky((92, 80, 32), ((420, 50, 120),)), treeline(208, 4, 42), treeline(212, 12, 24, "$leaf", .6), grass(208, 3, 20), *(r(x, 96, 8, 250 - 40 * (x in (176, 456)), "$wood") for x in (60, 176, 456, 574)), p("M40 96L166 62H474L600 96z", "$deep", .92), l("M82 84h476M124 73h392M120 96l50-34M220 96l22-34M320 96V62M420 96l-22-34M520 96l-50-34", "$foam", 1.8, .4), p("M40 96h560v10H40z", "$dark", .55),
                bed(206, 262, 8, 1), bed(88, 330, 6, 1.3), bed(366, 330, 6, 1.3), person(330, 352, 1.5, "$cloth", 2, "hat", pose="reach", flip=True, prop=at(44, -66, 1, p("M-14-8h26v22h-26z", "$grey"), l("M12 0l20-8", "$grey", 5), l("M33-8l6 22M37-8l12 18M29-6l0 22", "$foam", 2.2))), person(560, 386, 1.2, "$roof", 4, "jilbab", "$foam", pose="hold", skirt="$deep", prop=at(2, -54, .8, p("M-8-18h16l-2 18h-12z", "$dark"), p("M0-18q-16-2-16-20q15 2 16 20zM0-20q2-18 16-18q0 16-16 18z", "$leaf"))), basket(60, 390, 1))


@scene("pos-pantau-api", "dusk", "Menara pantau api dari kayu di tepi lahan gambut, penjaga memegang teropong saat senja.", "Asap terlihat jauh; pos langsung memberi kabar.")
def _():
    tower = join(l("M-52 0L-30-190M52 0L30-190", "$dark", 8), l("M-48-30L40-110M48-30L-40-110M-40-110L32-180M40-110L-32-180M-44-70h88M-37-130h74", "$wood", 4), r(-56, -196, 112, 10, "$wood"), r(-54, -232, 5, 38, "$wood"), r(49, -232, 5, 38, "$wood"), person(-6, -196, .86, "$glow", 2, "helmet", "$roof", pose="raise_", prop=r(14, -98, 22, 10, "$ink", 3)), r(-56, -222, 112, 6, "$wood"), r(-46, -288, 6, 94, "$dark"), r(40, -288, 6, 94, "$dark"), p("M-72-282L0-326L72-282z", "$roof"), p("M0-326l72 44H24z", "$dark", .2), r(60, -222, 44, 26, "$roof", 3), l("M70-209h24", "$white", 4))
    smoke = join(*(e(500 + dx, y, a, b, "$grey", o) for dx, y, a, b, o in ((0, 184, 20, 12, .6), (12, 162, 28, 16, .5), (30, 134, 36, 20, .42), (62, 104, 46, 22, .32), (104, 78, 54, 20, .22))))
    return join(sky((148, 148, 46), ((300, 54, 110),)), hills(216, "$far"), smoke, treeline(216, 14, 22, "$leaf", .55), grass(214, 7, 34, "$soil"), p("M0 300q150-26 330 6t310-14v108H0z", "$grass", .8), p("M420 400q-30-90 40-184h14q-36 90 20 184z", "$water"), l("M452 300h24M446 340h30M462 262h10", "$foam", 2.4), c(500, 208, 7, "$glow"), p("M494 214q-4-14 6-24q10 10 6 24z", "$roof"),
                at(290, 366, 1.02, tower), person(176, 380, 1.3, "$deep", 3, "cap", "$roof", pose="chin", prop=r(8, -86, 9, 20, "$ink", 2) + l("M13-86v-14", "$ink", 2)), bush(60, 396, 1), bush(590, 398, 1.2))


@scene("patroli-gambut", "day", "Regu warga menyemprot lahan gambut dengan selang dari pompa jinjing.", "Lahan dibasahi sebelum kering, bukan setelah terbakar.")
def _():
    spray = p("M392 262Q470 190 560 232Q500 220 400 270z", "$foam", .85) + l("M398 262Q470 206 566 250M402 268Q470 226 548 272", "$white", 2.5, .8) + join(*(c(x, y, 2.6, "$foam") for x, y in ((560, 258), (574, 244), (548, 282), (586, 262), (566, 284), (530, 290))))
    pump = at(110, 372, 1, e(0, 2, 56, 6, "$dark", .25), r(-46, -14, 92, 8, "$ink"), r(-40, -52, 46, 40, "$roof", 5), c(24, -30, 19, "$grey"), c(24, -30, 8, "$dark"), l("M-46-60h92M-46-60v54M46-60v54", "$ink", 5), r(-34, -64, 20, 12, "$ink", 3))
    return join(sky((112, 84, 34), ((250, 50, 110), (470, 70, 120))), hills(212), treeline(214, 5, 22, "$leaf", .55), grass(212, 5, 30, "$soil"), p("M0 260q180-24 330 4t310-10v150H0z", "$grass", .65), *(e(x, y, 12, 5, "$dark", .3) for x, y in ((520, 320), (584, 346), (470, 352))), l("M148 344q60 44 120 18t96-86", "$ink", 7), pump, spray,
                person(340, 352, 1.55, "$glow", 2, "helmet", "$roof", pose="both", legs="$deep", prop=l("M22-50L52-68", "$grey", 8)), person(252, 366, 1.48, "$cloth", 3, "jilbab", "$deep", pose="both", legs="$deep", prop=""), person(180, 362, 1.3, "$leaf", 1, "cap", "$glow", pose="wave", legs="$dark"), bush(604, 400, 1.1))


@scene("kanal-gambut", "leafy", "Sekat kayu menahan air di kanal gambut, dua warga mengukur muka air.", "Sekat kanal menjaga gambut tetap basah.")
def _():
    dam = join(*(r(196 + i * 25, 262 - (i % 2) * 6, 22, 84, "$wood") + r(212 + i * 25, 262 - (i % 2) * 6, 6, 84, "$dark", 0, .25) for i in range(10)), r(182, 280, 278, 12, "$dark"), r(182, 318, 278, 12, "$dark"))
    fall = p("M296 280h52l8 66h-68z", "$foam", .8) + l("M306 286l-6 56M322 286v58M338 286l6 56", "$white", 3)
    return join(sky((150, 84, 34), ((330, 56, 120), (520, 84, 80))), treeline(204, 6, 40), grass(200, 9, 26), p("M286 202h60L470 282H178z", "$water"), p("M178 282h292l110 118H70z", "$water"), l("M300 220h30M280 244h50M330 262h60M180 360h90M380 372h90M300 388h50", "$foam", 2.8),
                tall_tree(66, 300, 190, 8), tall_tree(596, 290, 170, 8), bush(120, 306, .9), bush(540, 300, .8), dam, fall, person(440, 276, 1.36, "$cloth", 2, "hat", pose="reach", flip=True, prop=r(36, -104, 5, 96, "$white") + l("M36-88h5M36-72h5M36-56h5M36-40h5", "$roof", 4, 1, "butt")), person(226, 270, 1.36, "$deep", 4, "jilbab", "$roof", pose="hold", prop=r(-12, -62, 26, 18, "$white", 2) + paper_lines(-8, -58, 16, 2, 6)), reeds(150, 404, .8), reeds(520, 406, .8))


@scene("hutan-pagi", "leafy", "Jalan setapak di hutan pagi, burung enggang bertengger dan dua anak muda berjalan.", "Jalur hutan dibersihkan agar aman untuk pengunjung.")
def _():
    bird = at(470, 128, 1.3, p("M-20 0q4-22 30-22q18 0 22 14q-6 16-30 18l-40 22q4-22 18-32z", "$ink"), p("M-26 20l-36 30l-4-26l22-16z", "$white"), p("M28-14q24-8 34 12q-18-8-34-4z", "$glow"), p("M24-20q12-16 28-6q-10 0-22 10z", "$roof"), c(24, -12, 2.4, "$white"), l("M-30-6L4 6", "$white", 2, .5))
    return join(sky((330, 120, 58)), treeline(250, 2, 90, "$far"), treeline(262, 16, 54, "$grass", .9), grass(256, 11, 24, "$leaf"), p("M300 258h36q-20 40 30 70t80 74H180q110-60 96-90t24-54z", "$soil"), tall_tree(70, 340, 250, 13, "$leaf", "$dark"), tall_tree(190, 290, 200, 8, "$grass", "$wood"), tall_tree(560, 346, 260, 14, "$leaf", "$dark"), tall_tree(446, 286, 190, 7, "$grass", "$wood"), l("M556 146L420 152", "$dark", 8), bird,
                person(352, 346, 1.3, "$roof", 2, "cap", "$glow", pose="hold", behind=r(-20, -78, 12, 32, "$deep", 5)), person(282, 366, 1.4, "$cloth", 3, "jilbab", "$deep", pose="wave", flip=True), bush(30, 402, 1.2, "$deep"), bush(604, 404, 1.2, "$deep"), bush(150, 404, .8, "$deep"))


# ------------------------------------------------------------ health, school
@scene("posyandu", "day", "Ibu-ibu menggendong anak mengantre di pos pelayanan bertanda palang, bayi ditimbang di dacin.", "Penimbangan bulan ini di beranda pos.")
def _():
    post = join(r(0, -150, 300, 150, "$wall"), r(0, -12, 300, 12, "$deep"), p("M-24-146L40-204H260L324-146z", "$deep"), p("M260-204l64 58H150z", "$dark", .17), r(118, -192, 64, 32, "$white", 4), p("M146-188h8v8h8v8h-8v8h-8v-8h-8v-8h8z", "$roof"), r(26, -104, 46, 104, "$wood"), r(32, -98, 34, 98, "$dark", 0, .2), window(214, -108, 52, 42), r(92, -146, 6, 146, "$wood"), r(288, -146, 6, 146, "$wood"))
    scale = join(l("M0-148v60", "$dark", 3), r(-24, -96, 48, 8, "$grey", 3), c(0, -92, 10, "$white"), l("M0-92l4-6", "$roof", 2.4), l("M-16-88l-6 26M16-88l6 26", "$dark", 2), p("M-24-64h48q0 34-24 34t-24-34z", "$cloth"), c(0, -66, 9, "$skin3"), p("M-9-67a9 9 0 0 1 18 0q-8-5-18 0z", "$ink"))
    baby = at(2, -58, .9, e(0, 0, 15, 9, "$white"), c(12, -7, 7, "$skin3"), p("M5-8a7 7 0 0 1 14 0q-7-4-14 0z", "$ink"))
    return join(sky((84, 78, 32), ((200, 46, 100), (500, 60, 100))), treeline(218, 4, 34), grass(216, 2, 22), p("M220 400q40-60 60-60h90q40 10 110 60z", "$soil", .6), banana(76, 300, 1.05), at(168, 344, 1.12, post), at(318, 344, 1.12, scale),
                person(262, 370, 1.4, "$leaf", 2, "jilbab", "$white", pose="reach", skirt="$deep", flip=False), person(404, 376, 1.42, "$plum", 3, "bun", pose="hold", skirt="$dark", prop=baby, flip=True), person(482, 382, 1.42, "$glow", 4, "jilbab", "$roof", pose="hold", skirt="$deep", prop=baby), person(556, 384, 1.4, "$roof", 1, "long", pose="down", skirt="$deep"), person(592, 386, .8, "$glow", 2, "hair"))


@scene("cek-tensi", "leafy", "Kader kesehatan memeriksa tekanan darah seorang bapak di meja.", "Cek tensi gratis setiap Rabu pertama.")
def _():
    return join(room("$foam", "$far", 306, False), r(0, 214, 640, 92, "$leaf", 0, .35), view(56, 60, 136, 110, small_river(56, 60, 136, 110)), r(430, 52, 132, 150, "$white", 4), r(430, 52, 132, 26, "$roof", 4), p("M490 56h9v7h7v8h-7v7h-9v-7h-7v-8h7z", "$white"), paper_lines(446, 98, 98, 3, 16), l("M446 170l18 0l8-18l12 30l10-16h50", "$deep", 4),
                person(222, 348, 2.15, "$white", 3, "jilbab", "$deep", pose="reach", sit="bust"), person(442, 348, 2.15, "$cloth", 2, "peci", pose="both", sit="bust", flip=True, prop=f'<g transform="rotate(24 22 -64)">{r(13, -75, 18, 17, "$deep", 4)}</g>'), l("M384 296q-30 30-58 14", "$ink", 4), desk(110, 318, 430, "$leaf"), at(298, 318, 1, r(-22, -58, 44, 58, "$white", 4), r(-16, -52, 32, 26, "$deep", 2), l("M-8-38h16M-8-31h10", "$foam", 3), c(-8, -14, 4, "$roof"), c(8, -14, 4, "$leaf")), r(470, 308, 40, 10, "$glow", 2), r(474, 300, 32, 8, "$deep", 2), pot(146, 318, .72))


@scene("sekolah", "day", "Anak-anak berseragam berlari di halaman sekolah, bendera berkibar.", "Jam istirahat di halaman sekolah yang baru diratakan.")
def _():
    school = join(r(0, -108, 440, 108, "$wall"), r(0, -26, 440, 26, "$deep"), p("M-22-104L24-168H416L462-104z", "$roof"), p("M416-168l46 64H260z", "$dark", .14), *(window(q, -88, 44, 44) for q in (24, 84, 312, 372)), r(186, -84, 68, 84, "$wood"), l("M220-84v84", "$dark", 3), p("M160-104L220-146L280-104z", "$wall"), p("M160-104L220-146L280-104z", "$dark", .08), *(r(q, -104, 7, 104, "$white") for q in (160, 273)))
    return join(sky((554, 72, 32), ((70, 52, 120), (420, 40, 90))), treeline(222, 8, 44), r(0, 262, 640, 140, "$grass"), r(0, 322, 640, 80, "$soil", 0, .45), tree(34, 284, 1.15), tree(612, 284, 1.15), at(98, 286, 1, school), flag(318, 342, 272), r(300, 338, 36, 8, "$grey"),
                person(182, 376, 1.02, "$white", 2, "hair", pose="up", legs="$roof"), person(246, 388, 1.02, "$white", 3, "jilbab", "$white", pose="wide", skirt="$roof"), person(410, 372, 1.02, "$white", 1, "hair", pose="wave", legs="$roof"), person(466, 388, 1.02, "$white", 4, "long", pose="hold", skirt="$roof", prop=r(-14, -62, 30, 20, "$glow", 2)), c(342, 378, 9, "$cloth"))


@scene("pojok-baca", "day", "Anak-anak membaca di tikar di depan rak buku pojok baca.", "Buku boleh dipinjam dua minggu, tanpa denda.")
def _():
    shelf = r(0, 0, 300, 206, "$wood") + r(9, 9, 282, 188, "$dark") + join(*(r(0, q, 300, 9, "$wood") for q in (66, 132)))
    rows = books(182, 126, "11 14 9 12 15 10 13 9 12 11 14 10 12 9 13 10", 3, 46) + books(182, 192, "13 10 12 9 14 11 12 10", 8, 46) + books(352, 192, "10 13 9 12 11", 5, 46) + books(182, 258, "12 9 14 10", 2, 46) + books(262, 258, "9 14 11 12 10 13 9 12 14", 9, 46)
    book = at(2, -48, 1, p("M0 4L-22-2V-20L0-14zM0 4L22-2V-20L0-14z", "$white"), l("M0-14v18", "$dark", 2))
    return join(weave_defs("wv", .9), room("$wall", "$soil", 292), at(172, 68, 1, shelf), rows, view(520, 84, 96, 110, small_river(520, 84, 96, 110)), r(34, 70, 100, 74, "$leaf"), l("M34 70h100v74h-100z", "$wood", 6), l("M48 92h60M48 108h72M48 124h40", "$foam", 4), p("M110 344H530L592 396H48z", "$deep"), l("M124 354H520M70 386H574", "$glow", 4),
                pot(578, 300, 1.1), pot(72, 300, 1.2, "$roof"), person(206, 376, 1.72, "$roof", 3, "jilbab", "$foam", pose="hold", sit="floor", skirt="$plum", prop=book), person(324, 386, 1.66, "$glow", 2, "hair", pose="hold", sit="floor", legs="$leaf", prop=book), person(444, 374, 1.72, "$foam", 1, "long", pose="hold", sit="floor", skirt="$roof", prop=book))


@scene("kelas-komputer", "leafy", "Peserta pelatihan duduk di depan komputer, pengajar menunjuk layar besar.", "Kelas komputer sore untuk ibu dan bapak.")
def _():
    pc = lambda x, show="$water": screen(x, 318, 1.15, show)
    return join(room("$wall", "$far", 300, False), r(150, 40, 270, 150, "$dark", 6), r(158, 48, 254, 134, "$foam"), r(176, 64, 110, 14, "$deep", 3), *(r(176, 92 + i * 20, w, 8, "$far", 3) for i, w in enumerate((150, 120, 140))), r(176, 154, 56, 18, "$glow", 4), r(346, 66, 50, 60, "$water", 3), c(370, 86, 12, "$glow"), p("M346 126v-18l18-14l16 12l16-8v28z", "$leaf"), view(500, 66, 104, 100, small_river(500, 66, 104, 100)),
                person(458, 306, 1.6, "$deep", 2, "jilbab", "$glow", pose="raise_", skirt="$plum", flip=True, prop=l("M31-84l20-14", "$dark", 3)), r(24, 318, 592, 13, "$wood"), r(24, 328, 592, 5, "$dark", 0, .3), pc(116), pc(264, "$leaf"), pc(412), pc(556, "$leaf"),
                *(at(x, 408, 1, person(0, 0, 1.5, cl, 2, hd, cv, pose="none", sit="bust"), r(-34, -40, 68, 50, "$roof", 8), r(-34, -40, 68, 8, "$dark", 4, .2)) for x, cl, hd, cv in ((176, "$leaf", "back", None), (326, "$plum", "jilbabback", "$rose"), (478, "$glow", "backlong", None))))


# ---------------------------------------------------------------- telling news
@scene("rekam-video", "day", "Ponsel pada tripod merekam seorang anak muda yang bercerita di tepi sungai.", "Satu menit video, tiga kali ambil gambar.")
def _():
    shot = r(-74, -211, 138, 86, "$sky") + r(-74, -160, 138, 35, "$water") + p("M-74-160q30-26 60-6t78-8v14z", "$leaf", .6) + at(-4, -125, 1, person(0, 0, 1, "$roof", 2, "long", pose="hold", sit="bust"))
    return join(sky((88, 90, 34), ((260, 50, 110),)), treeline(196, 7, 32), river(194, 4, 10, True, 330), stilt_house(34, 222, .8, stilts=58, ladder=False), grass(306, 5, 16), person(196, 372, 1.75, "$roof", 2, "long", pose="hold", legs="$deep", prop=l("M9-50v-18", "$ink", 5) + c(9, -72, 6, "$grey")), tripod_phone(404, 388, 1.28, shot), person(548, 384, 1.62, "$leaf", 3, "cap", "$glow", pose="raise_", flip=True), bush(34, 398, 1))


@scene("pengeras-suara", "dusk", "Pengeras suara pada tiang menyiarkan kabar di atas atap-atap rumah saat senja.", "Kabar sore dibacakan pelan, dua kali, menjelang magrib.")
def _():
    return join(sky((140, 150, 46), ((420, 60, 130), (60, 50, 90))), hills(246, "$far"), treeline(262, 6, 28, "$leaf", .55), r(0, 258, 640, 150, "$grass"), house(-30, 352, 1.2, "$dark", "$wall", True), house(460, 346, 1.25, "$roof", "$foam", True, True), house(150, 322, .82, "$deep", "$wall", True), house(398, 310, .66, "$dark", "$wall", True), r(0, 350, 640, 60, "$soil", 0, .6), r(314, 96, 12, 300, "$dark"), r(286, 150, 68, 7, "$dark"), l("M320 104q150 40 320 10M320 104q-160 44-320 20", "$dark", 2, .8),
                loudspeaker(336, 130, 1.5), loudspeaker(304, 130, 1.5, True), waves(428, 130, 1.05), waves(212, 130, 1.05, True), person(250, 388, 1.2, "$cloth", 2, "peci", pose="down"), person(392, 390, 1.24, "$plum", 3, "jilbab", "$lamp", pose="chin", skirt="$deep"), person(428, 392, .8, "$glow", 3, "hair"))


@scene("mading", "day", "Tiga warga membaca mading beratap di pinggir jalan.", "Mading diganti setiap Jumat, HP tidak wajib.")
def _():
    return join(sky((560, 76, 32), ((60, 48, 110), (380, 40, 100))), treeline(222, 9, 40), house(-50, 262, 1, "$deep"), house(540, 260, .95, "$dark", "$foam"), grass(256, 3, 18), r(0, 336, 640, 70, "$soil", 0, .6), tree(110, 300, 1.05), board(196, 112, 252, 148),
                person(176, 386, 1.7, "$cloth", 2, "back", pose="reach"), person(318, 394, 1.74, "$leaf", 3, "jilbabback", "$plum", pose="hip", skirt="$deep"), person(396, 396, 1.12, "$glow", 2, "backlong", pose="down", skirt="$roof"), person(504, 388, 1.7, "$deep", 1, "hat", pose="raise_", flip=True))


@scene("radio", "night", "Dua penyiar muda berbicara di depan mikrofon dalam studio radio kecil.", "Siaran malam: kabar kampung, lalu lagu permintaan.")
def _():
    foam = join(*(p(f"M{x} {y}h34v34h-34z", "$leaf" if (i + j) % 2 else "$far", .7) for i, x in enumerate(range(24, 200, 36)) for j, y in enumerate(range(40, 200, 36))))
    mic = lambda x, f: at(x, 300, 1, l("M0 0L26-40L6-74", "$grey", 5), r(-8, -104, 22, 36, "$ink", 10), l("M-6-92h18M-6-84h18", "$grey", 2), flip=f)
    phones = l("M-14-90a14 14 0 0 1 28 0", "$roof", 4) + r(-17, -95, 7, 13, "$roof", 3) + r(10, -95, 7, 13, "$roof", 3)
    return join(room("$deep", "$dark", 330, False), foam, r(420, 52, 170, 60, "$ink", 8), r(428, 60, 154, 44, "$roof", 5), l("M446 82h28M486 82h22M520 82h44", "$white", 7), view(254, 52, 130, 112, r(254, 52, 130, 112, "$sky") + c(352, 84, 13, "$lamp") + c(280, 76, 1.5, "$lamp") + c(300, 100, 1.5, "$lamp") + c(268, 112, 1.3, "$lamp") + p("M254 164v-30q20-18 44-4t40-6t46 6v34z", "$leaf")), p("M318 40L90 300H550z", "$lamp", .07),
                person(196, 340, 2.1, "$cloth", 3, "jilbab", "$glow", pose="hold", sit="bust", prop=phones), person(464, 340, 2.1, "$leaf", 2, "hair", pose="hold", sit="bust", flip=True, prop=phones), desk(50, 300, 540, "$wood"), lamp_hang(318, 0, 20, 1.2), mic(266, False), mic(394, True), at(330, 300, 1, p("M-42 0l8-20h68l8 20z", "$grey"), *(c(q, -12, 3.5, f) for q, f in ((-24, "$glow"), (-10, "$roof"), (4, "$glow"), (18, "$deep")))), at(536, 300, 1, r(-22, -34, 32, 34, "$wall", 4), l("M10-26q16 2 2 18", "$wall", 5)), at(106, 300, 1, r(-26, -8, 60, 8, "$white"), r(-22, -14, 56, 6, "$glow")))


# -------------------------------------------------------------- meeting, work
@scene("balai-rapat", "day", "Warga duduk melingkar di balai, seorang ibu berdiri menyampaikan usul.", "Usul dicatat semua, disepakati tiga yang pertama.")
def _():
    return join(room("$sky", "$wood", 250), treeline(250, 3, 60), p("M0 0h640v70L560 40H80L0 70z", "$roof"), p("M0 0h640v22H0z", "$dark", .25), *(r(q, 44, 18, 212, "$wood") for q in (60, 214, 408, 562)), *(r(q + 12, 44, 6, 212, "$dark", 0, .25) for q in (60, 214, 408, 562)), r(0, 214, 640, 8, "$wood"), r(0, 236, 640, 16, "$wood"), at(260, 96, 1, r(0, 0, 120, 80, "$white"), l("M0 0h120v80H0z", "$dark", 5), l("M14 20h70M14 36h90M14 52h56", "$deep", 4), c(100, 56, 8, "$glow")),
                crowd(((150, "$leaf", 2, "peci", None), (232, "$cloth", 1, "hair", None), (420, "$foam", 3, "jilbab", "$leaf"), (500, "$plum", 2, "bun", None)), 310, 1.2, sit="floor", pose="hold"), person(324, 330, 1.6, "$roof", 3, "jilbab", "$lamp", pose="wide", skirt="$deep"),
                crowd(((70, "$glow", 2, "hat", None), (570, "$deep", 4, "cap", "$roof")), 352, 1.35, sit="floor", pose="hold"), crowd(((180, "$deep", 1, "back", None), (464, "$leaf", 3, "jilbabback", "$rose")), 396, 1.5, sit="floor", pose="down"), crowd(((318, "$white", 2, "back", "$grey"),), 404, 1.5, sit="floor", pose="down"))


@scene("rembuk-malam", "night", "Tetangga berembuk di beranda rumah panggung di bawah lampu, malam berbintang.", "Rembuk kecil di beranda, selesai sebelum pukul sembilan.")
def _():
    cup = lambda x: r(x, 292, 9, 10, "$white", 2)
    return join(sky(), stars(9, 34), moon(104, 70, 28), treeline(250, 5, 44), r(0, 248, 640, 160, "$grass"), p("M40 170L150 66H540L640 170z", "$roof"), p("M540 66l100 104H330z", "$dark", .2), r(90, 166, 500, 140, "$wood"), r(90, 166, 500, 14, "$dark", 0, .4), l("M90 204h500M90 232h500M90 260h500", "$dark", 2, .3), r(300, 194, 66, 110, "$dark"), window(146, 200, 66, 50, True), window(466, 200, 66, 50, True), r(50, 304, 560, 13, "$wood"), r(50, 314, 560, 5, "$dark", 0, .4), *(r(q, 318, 10, 82, "$dark") for q in (74, 230, 410, 580)), *(r(q, 168, 9, 138, "$dark") for q in (84, 586)), lamp_hang(333, 168, 14, 1.1), p("M290 200L160 306H506L376 200z", "$lamp", .13),
                crowd(((172, "$deep", 2, "peci", None), (252, "$cloth", 3, "jilbab", "$foam"), (416, "$leaf", 1, "hair", None), (498, "$plum", 3, "bun", None)), 304, 1.3, sit="floor", pose="hold"), person(334, 306, 1.3, "$glow", 2, "lawung", pose="wide", sit="floor", legs="$deep"), cup(206), cup(290), cup(376), cup(456), l("M500 318l-14 86M526 318l-14 86M497 338h26M494 358h26M490 380h26", "$wood", 5), bush(24, 400, 1))


@scene("perbaikan-jalan", "day", "Warga dan petugas menambal jalan berlubang dengan gerobak dan sekop.", "Jalan ditambal bersama, pengendara diminta pelan.")
def _():
    barrow = at(220, 372, 1.1, c(-34, -14, 14, "$ink"), c(-34, -14, 6, "$grey"), p("M-52-54H40L22-20H-24z", "$deep"), p("M-48-54q40-26 84 0z", "$dark"), l("M22-24L72-44M10-20L20 0", "$wood", 5))
    sign = at(92, 368, 1, l("M-22 0L0-60L22 0", "$dark", 5), f'<g transform="translate(0 -76) rotate(45)">' + r(-30, -30, 60, 60, "$dark", 6) + r(-26, -26, 52, 52, "$glow", 4) + "</g>", l("M0-94v22", "$dark", 7), c(0, -60, 4, "$dark"))
    return join(sky((90, 84, 34), ((240, 52, 120), (470, 44, 110))), treeline(214, 10, 36), house(368, 232, .72, "$deep"), house(520, 240, .84, "$dark", "$foam"), grass(224, 4, 18), p("M250 228h70L600 400H-60z", "$grey"), p("M250 228h70L600 400H-60z", "$dark", .28), p("M282 240h6l2 18h-10zM278 276h12l4 32h-20z", "$white", .8), e(330, 352, 92, 20, "$dark"), e(316, 354, 60, 12, "$ink"), e(396, 378, 30, 8, "$dark", .6), sign, barrow, cone(452, 392, 1.1), cone(516, 340, .9), tree(44, 262, .8),
                person(356, 356, 1.6, "$cloth", 2, "helmet", "$glow", pose="low", lean=10, flip=True, prop=l("M34-62L8 10", "$wood", 5) + p("M2 6l14 4l-6 22l-16-6z", "$grey")), person(438, 352, 1.5, "$leaf", 1, "cap", "$roof", pose="low", flip=True, prop=l("M42-70L14 26", "$wood", 5) + l("M2 24l24 6", "$grey", 6)), person(560, 372, 1.4, "$glow", 3, "jilbab", "$deep", pose="wave", prop=at(25, -112, 1, p("M0-4v-26l24 10z", "$roof"))))


@scene("lampu-jalan", "night", "Petugas di atas tangga memperbaiki lampu jalan, warga memegangi tangga.", "Lampu ketiga menyala lagi setelah dua hari padam.")
def _():
    pole = lambda x, y, s, on: at(x, y, s, r(-5, -230, 10, 230, "$grey"), l("M0-228q4-22 54-22", "$grey", 7), p("M44-258h34l6 14H40z", "$dark"), e(62, -243, 17, 5, "$lamp" if on else "$grey"), p("M46-242L-14 0H150L78-242z", "$lamp", .16) if on else "")
    return join(sky(), stars(2, 34), moon(90, 64, 24), treeline(238, 12, 38), house(20, 292, .95, "$dark", "$far", True), house(470, 288, 1.05, "$roof", "$far", True), r(0, 284, 640, 120, "$grass"), p("M0 330q320-30 640 0v74H0z", "$dark", .55), l("M20 372h70M150 368h70M290 366h70M430 368h70M560 372h70", "$white", 4, .6), pole(140, 322, .78, True), pole(506, 318, .76, True), pole(300, 346, 1.12, True),
                l("M318 350L352 120M346 352L374 122", "$wood", 6), l("".join(f"M{320 + i * 3.4 + 1:.0f} {336 - i * 24}h26" for i in range(9)), "$wood", 4.500), person(346, 196, 1.18, "$glow", 2, "helmet", "$roof", pose="up", legs="$deep"), person(402, 366, 1.34, "$leaf", 3, "cap", pose="both", flip=True), person(248, 370, 1.3, "$plum", 2, "jilbab", "$foam", pose="wave", skirt="$deep"))


@scene("bank-sampah", "leafy", "Petugas menimbang karung botol plastik di bank sampah, warga mengantre.", "Botol ditimbang, hasilnya masuk buku tabungan.")
def _():
    bin_ = lambda x, f, m: at(x, 306, 1, p("M-34-74h68l-7 74h-54z", f), r(-38, -82, 76, 11, "$dark", 3), p("M8-74h26l-7 74h-21z", "$dark", .15), m)
    bottle = lambda x, y, f, a=0: f'<g transform="translate({x} {y}) rotate({a})">' + r(-6, -22, 12, 22, f, 3) + r(-3, -29, 6, 8, "$white") + r(-6, -14, 12, 6, "$white", 0, .6) + "</g>"
    scale = at(318, 372, 1, r(-56, -14, 112, 14, "$grey", 3), r(40, -110, 8, 98, "$grey"), r(20, -146, 50, 40, "$white", 6), r(26, -140, 38, 18, "$deep", 2), l("M34-131h20", "$lamp", 3.5), sack(-14, -16, 1.25, "$wall", "$leaf"), bottle(-24, -82, "$water", -14), bottle(-8, -84, "$foam", 8), bottle(8, -80, "$leaf", 20))
    return join(sky((560, 70, 30), ((60, 46, 110),)), treeline(214, 2, 36), grass(212, 6, 14), r(96, 96, 448, 210, "$wall"), l("M96 150h448M96 204h448", "$wood", 2, .35), p("M66 100L124 52H516L574 100z", "$deep"), p("M516 52l58 48H330z", "$dark", .16), r(222, 112, 196, 42, "$leaf", 6), l("M268 133h30M310 133h26M348 133h28", "$white", 7), p("M236 142l8-16l8 16z", "$glow"), r(0, 304, 640, 100, "$soil", 0, .75), bin_(150, "$leaf", sprout(0, -24, 1)), bin_(446, "$glow", bottle(0, -22, "$white")), bin_(518, "$roof", r(-12, -50, 24, 28, "$white", 2)), scale,
                person(232, 374, 1.55, "$deep", 2, "cap", "$glow", pose="hold", prop=r(-12, -64, 28, 20, "$white", 2) + paper_lines(-8, -59, 18, 2, 6)), person(412, 382, 1.55, "$plum", 3, "jilbab", "$lamp", pose="reach", skirt="$dark", flip=True), person(494, 386, 1.5, "$cloth", 1, "hair", pose="down", prop=at(20, -6, .72, sack(0, 0, 1, "$foam", "$roof"))), sack(80, 386, 1.1), sack(132, 392, .95, "$foam", "$roof"))


@scene("sumur-pompa", "day", "Warga memompa air sumur ke dalam ember di halaman.", "Pompa diperbaiki, antre air jadi lebih pendek.")
def _():
    pump = at(330, 352, 1.3, r(-46, -8, 92, 14, "$grey", 3), r(-11, -108, 22, 102, "$deep", 4), r(-16, -114, 32, 12, "$deep", 4), l("M0-106L-48-88", "$ink", 7), p("M10-84q34-2 34 26h-12q0-14-22-14z", "$deep"), l("M38-56v34", "$foam", 8), l("M38-56v34", "$white", 3))
    bucket = lambda x, y, f, s=1: at(x, y, s, l("M-20-36q20-30 40 0", "$dark", 3), p("M-24-38h48l-6 38h-36z", f), e(0, -38, 24, 6, "$foam"))
    return join(sky((100, 84, 34), ((260, 46, 120), (500, 70, 100))), treeline(224, 13, 40), house(396, 282, 1.2, "$roof"), banana(74, 304, 1.2), banana(130, 296, .9), grass(270, 8, 18), e(350, 368, 170, 26, "$soil", .7), e(380, 366, 62, 10, "$water", .6), pump, bucket(380, 364, "$roof", 1.05),
                person(222, 372, 1.6, "$leaf", 2, "hair", pose="raise_", legs="$dark"), person(468, 378, 1.55, "$cloth", 3, "bun", pose="reach", skirt="$deep", flip=True), person(544, 382, 1.05, "$glow", 3, "long", pose="down", skirt="$roof"), bucket(580, 386, "$deep", .85), bucket(150, 384, "$glow", .95))


@scene("bengkel", "day", "Montir muda memperbaiki sepeda motor di bengkel rumahan, pemiliknya menunggu.", "Bengkel rumahan membuka magang bagi lulusan SMK.")
def _():
    tools = join(r(70, 70, 156, 104, "$deep", 4), l("M92 92v40M114 92v46M136 92v34", "$foam", 6), c(92, 90, 8, "$foam"), c(114, 90, 7, "$foam"), r(128, 84, 17, 12, "$roof", 2), l("M164 94l34 44M198 94l-34 44", "$glow", 6), c(204, 158, 8, "$grey"), c(182, 158, 6, "$grey"))
    return join(room("$far", "$grey", 300, False), l("M0 60h640M0 130h640M0 200h640", "$dark", 2, .12), r(0, 300, 640, 100, "$dark", 0, .12), tools, r(400, 56, 190, 12, "$wood"), r(400, 120, 190, 12, "$wood"), *(c(q, 96, 23, "$ink") + c(q, 96, 12, "$far") for q in (432, 484, 536)), r(564, 32, 20, 24, "$roof", 2), r(538, 36, 20, 20, "$glow", 2), r(512, 30, 20, 26, "$deep", 2), r(414, 38, 64, 18, "$wall", 2), lamp_hang(318, 0, 60, 1.2),
                at(356, 362, 1.55, motorbike(0, 0, 1, "$roof")), person(206, 384, 1.62, "$deep", 2, "cap", "$cloth", pose="low", sit="squat", prop=l("M28-36l20 2", "$grey", 5)), person(550, 376, 1.7, "$glow", 3, "jilbab", "$leaf", pose="chin", skirt="$plum", flip=True), r(60, 352, 72, 36, "$roof", 4), r(60, 364, 72, 5, "$dark", 0, .3), l("M82 352q14-20 28 0", "$dark", 5))


# ------------------------------------------------------------ home and feasts
@scene("dapur", "day", "Dua ibu memasak abon ikan di wajan besar, stoples berjajar di rak.", "Resep abon ikan lais dari dapur tetangga.")
def _():
    jar = lambda x, y, f: r(x, y - 34, 26, 34, f, 5) + r(x + 2, y - 41, 22, 8, "$dark", 2) + r(x + 4, y - 24, 18, 14, "$white", 2)
    wok = at(320, 300, 1, p("M-78-22h156q-14 44-78 44t-78-44z", "$ink"), e(0, -22, 78, 13, "$dark"), p("M-62-22q30-18 62-10t62 10q-62 14-124 0z", "$cloth"), l("M-78-20h-24M78-20h24", "$ink", 8), *(l(f"M{q}-46q-10-16 0-30t0-30", "$white", 5, .6) for q in (-30, 2, 34)))
    return join(room("$wall", "$soil", 318, False), l("M0 80h640M0 160h640M0 240h640M110 0v80M270 0v80M430 0v80M590 0v80M40 80v80M190 80v80M350 80v80M510 80v80M110 160v80M590 160v80", "$wood", 2, .18), view(244, 46, 152, 106, small_river(244, 46, 152, 106)), r(36, 118, 160, 10, "$wood"), jar(48, 118, "$glow"), jar(84, 118, "$cloth"), jar(120, 118, "$roof"), jar(156, 118, "$glow"), r(440, 118, 160, 10, "$wood"), jar(452, 118, "$cloth"), jar(488, 118, "$glow"), pot(562, 118, .8),
                r(226, 306, 188, 100, "$grey", 4), r(226, 306, 188, 12, "$dark", 0, .25), p("M286 400v-46q0-16 34-16t34 16v46z", "$ink"), p("M306 400q-10-24 14-46q24 22 14 46z", "$glow"), p("M314 400q-4-14 6-26q10 12 6 26z", "$roof"), wok,
                person(170, 388, 1.95, "$leaf", 3, "jilbab", "$roof", pose="reach", skirt="$deep", prop=l("M36-66L72-48", "$wood", 5) + p("M-13-62h26l3 20h-32z", "$white", .9)), person(476, 388, 1.95, "$cloth", 2, "bun", pose="hold", skirt="$plum", flip=True, prop=p("M-22-60h46q-2 22-16 22h-14q-14 0-16-22z", "$deep") + e(1, -60, 23, 5, "$foam") + c(-15, -48, 4.6, "$skin2") + c(17, -48, 4.6, "$skin2")), basket(576, 394, 1.15, "$roof"))


@scene("gendang", "dusk", "Pemain gendang dan penari berhias bulu burung tampil di halaman balai saat senja.", "Latihan tari dan gendang menjelang festival kampung.")
def _():
    drum = at(0, -34, 1, p("M-17-20h34l-6 48h-22z", "$roof"), e(0, -20, 17, 5.5, "$wall"), l("M-15-8l8 34M15-8l-8 34M-4-14l6 40", "$glow", 2))
    bunting = l("M0 66q160 60 320 0t320 0", "$dark", 2.4) + join(*(p(f"M{x} {y}l22 0l-11 24z", ("$roof", "$glow", "$deep", "$wall")[i % 4]) for i, (x, y) in enumerate(((20, 73), (64, 86), (110, 94), (156, 96), (202, 93), (250, 84), (340, 58), (390, 52), (440, 46), (488, 44), (536, 46), (584, 54)))))
    gong = at(96, 372, 1.1, r(-50, -128, 7, 128, "$dark"), r(43, -128, 7, 128, "$dark"), r(-58, -134, 116, 9, "$dark"), l("M-14-126v16M14-126v16", "$wall", 2), c(0, -78, 35, "$cloth"), c(0, -78, 24, "$glow"), c(0, -78, 9, "$wood"))
    dancer = lambda x, sk, cl, cv, f=False: person(x, 378, 1.6, cl, sk, "lawung", pose="wide", skirt=cv, flip=f, prop="".join(at(hx, -60, 1, *(f'<g transform="rotate({a})">' + p("M0 0q-4-20 0-32q6 12 0 32z", "$white") + p("M-2-24l2-8l3 8z", "$ink") + "</g>" for a in (-34, -12, 12, 34))) for hx in (-36, 36)) + l("M-14-56h28", "$glow", 4))
    return join(sky((320, 154, 50)), hills(250, "$far"), treeline(256, 7, 26, "$leaf", .5), bunting, at(206, 300, .95, hall(0, 0)), r(0, 290, 640, 120, "$soil"), r(0, 290, 640, 8, "$dark", 0, .2), gong, person(150, 390, 1.3, "$deep", 1, "lawung", pose="wave", flip=True, legs="$dark"), dancer(250, 3, "$roof", "$deep"), dancer(404, 2, "$plum", "$roof", True),
                person(500, 388, 1.42, "$leaf", 2, "lawung", pose="low", sit="floor", legs="$plum"), at(528, 386, 1.2, drum), person(592, 390, 1.42, "$cloth", 1, "lawung", pose="low", sit="floor", legs="$deep", flip=True), at(566, 394, 1.2, drum))


@scene("lapangan-bola", "dawn", "Anak-anak bermain bola di lapangan kampung pada pagi hari.", "Lapangan dipotong rumputnya, liga anak dimulai Sabtu.")
def _():
    goal = at(470, 262, 1, l("M0 0v-70h120V0", "$white", 6), l("M12-64v64M26-68v68M40-68v68M54-68v68M68-68v68M82-68v68M96-68v68M110-64v64M2-54h116M2-40h116M2-26h116M2-12h116", "$white", 1.4, .6))
    return join(sky((136, 116, 44), ((270, 56, 120), (470, 72, 110))), hills(222, "$far"), treeline(232, 3, 36, "$leaf", .5), house(30, 246, .62, "$deep"), house(250, 242, .58, "$roof"), r(0, 238, 640, 170, "$grass"), p("M0 270h640v34H0zM0 344h640v60H0z", "$leaf", .22), goal, l("M420 262h220M430 262l-40 44h250", "$white", 3, .8), l("M40 350a160 32 0 0 1 320 0a160 32 0 0 1-320 0", "$white", 3, .7),
                person(526, 286, 1.02, "$glow", 2, "hair", pose="wide", legs="$deep"), person(272, 370, 1.5, "$roof", 3, "hair", pose="wide", lean=-5, legs="$white", sit="kick"), person(424, 376, 1.32, "$deep", 2, "hair", pose="up", legs="$white"), person(146, 360, 1.3, "$roof", 1, "long", pose="wave", legs="$white"), person(66, 384, 1.36, "$deep", 4, "jilbab", "$deep", pose="wide", legs="$white", flip=True), e(346, 378, 16, 4, "$dark", .2), c(344, 364, 13, "$white"), p("M344 356l7 5l-3 8h-8l-3-8z", "$ink"), tree(606, 262, .7))


# ------------------------------------------------------------------- output
def svg(name):
    palette, _, _, draw = SCENES[name]
    return coloured(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="1280" height="800">{draw()}</svg>', palette)


def render(name):
    png = cairosvg.svg2png(svg(name).encode(), output_width=2560, output_height=1600)
    picture = Image.open(io.BytesIO(png)).convert("RGB").resize((1280, 800), Image.LANCZOS)
    for quality in (78, 75, 72, 70, 68, 66, 64):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= LIMIT:
            break
    (HERE / f"{name}.jpg").write_bytes(out.getvalue())
    return picture, out.tell(), quality


def main():
    args, sheet = sys.argv[1:], None
    if "--sheet" in args:
        i = args.index("--sheet")
        sheet = args[i + 1]
        del args[i:i + 2]
    names, pictures, total = args or list(SCENES), [], 0
    for name in names:
        picture, size, quality = render(name)
        total += size
        pictures.append(picture.resize((480, 300), Image.LANCZOS))
        print(f"{name:18} {size:6} bytes, quality {quality}")
    print(len(names), "pictures,", total, "bytes")
    if sheet:
        cols = 3
        page = Image.new("RGB", (cols * 490, -(-len(pictures) // cols) * 310), "#faf5ea")
        for i, q in enumerate(pictures):
            page.paste(q, (i % cols * 490 + 5, i // cols * 310 + 5))
        page.save(sheet)
    with open(HERE / "pictures.tsv", "w", encoding="utf-8") as f:
        f.write("file\talt\tcaption\n")
        for name, (_, alt, caption, _) in SCENES.items():
            f.write(f"{name}.jpg\t{alt}\t{caption}\n")


if __name__ == "__main__":
    main()
