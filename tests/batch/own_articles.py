"""Articles of our own sentences."""

SENTENCES = (
    "ارتفع سعر النفط بنسبة {a}% إلى {b} دولارا للبرميل.",
    "أعلنت وزارة المالية أن الصادرات بلغت {b} مليون دولار في عام 20{c}.",
    "قال الوزير إن عدد الزوار تراجع من {b} ألفا إلى {a} ألفا.",
    "انخفضت الواردات {a}% خلال العام الماضي.",
)


def article(number, extra=""):
    """The row of one article; the same number always gives the same one."""
    lines = [s.format(a=number % 90 + 3, b=number + 20, c=number % 20 + 10) for s in SENTENCES]
    return {"id": f"doc-{number}", "text": " ".join(lines[number % 4 :] + lines[: number % 4]) + extra}
