"""Names of the languages that tracks are usually in; other codes are shown as they are."""

from __future__ import annotations

_NAMES = {
    "Arabic": "ar ara",
    "Bengali": "bn ben",
    "Bulgarian": "bg bul",
    "Catalan": "ca cat",
    "Chinese": "zh zho chi cmn",
    "Croatian": "hr hrv",
    "Czech": "cs ces cze",
    "Danish": "da dan",
    "Dutch": "nl nld dut",
    "English": "en eng",
    "Estonian": "et est",
    "Finnish": "fi fin",
    "French": "fr fra fre",
    "German": "de deu ger",
    "Greek": "el ell gre",
    "Hebrew": "he heb",
    "Hindi": "hi hin",
    "Hungarian": "hu hun",
    "Icelandic": "is isl ice",
    "Indonesian": "id ind",
    "Italian": "it ita",
    "Japanese": "ja jpn",
    "Korean": "ko kor",
    "Latvian": "lv lav",
    "Lithuanian": "lt lit",
    "Malay": "ms msa may",
    "Norwegian": "no nor nb nob nn nno",
    "Persian": "fa fas per",
    "Polish": "pl pol",
    "Portuguese": "pt por",
    "Romanian": "ro ron rum",
    "Russian": "ru rus",
    "Serbian": "sr srp",
    "Slovak": "sk slk slo",
    "Slovenian": "sl slv",
    "Spanish": "es spa",
    "Swedish": "sv swe",
    "Tamil": "ta tam",
    "Telugu": "te tel",
    "Thai": "th tha",
    "Turkish": "tr tur",
    "Ukrainian": "uk ukr",
    "Vietnamese": "vi vie",
}

_BY_CODE = {code: name for name, codes in _NAMES.items() for code in codes.split()}

_UNKNOWN = frozenset({"", "und", "mis", "zxx"})


def language_name(code: str) -> str:
    """`German` for `deu`, `Portuguese (BR)` for `pt-BR`; empty where the code says nothing."""
    main, _, region = code.replace("_", "-").partition("-")
    if main.lower() in _UNKNOWN:
        return ""
    name = _BY_CODE.get(main.lower())
    if name is None:
        return code
    return f"{name} ({region})" if region else name
