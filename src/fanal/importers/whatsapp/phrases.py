"""What WhatsApp itself writes into a chat: stand-ins for media, notices, marks of edits.

The words differ by language and version. They are told by shape first (brackets, file names, the
left-to-right mark that iPhones put before WhatsApp's own words) and by stems second, so that a
language or wording not listed still works where the shape speaks.
"""

from __future__ import annotations

import re

MARK = "\u200e"


def _stems(text: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, text.split())))


_KINDS = {
    "photo": "image photo imagen immagine imagem afbeelding bild obraz zdjęcie "
    "изображение фото görüntü fotoğraf gambar foto kép obrázek billede "
    "bilde kuva εικόνα תמונה صورة 이미지 사진 画像 图像 圖片 图片 ảnh hình imaginea "
    "imagine slika",
    "video": "video vidéo vídeo wideo видео відео βίντεο סרטון فيديو 동영상 비디오 ビデオ 動画 "
    "视频 影片 videó video-notiz videonachricht",
    "voice": "audio áudio ses звук аудио аудіо dźwięk ήχος lyd ljud geluid ääni hang "
    "zvuk voice vocal voz sprachnachricht קול صوت 오디오 音声 音频 语音 語音",
    "sticker": "sticker autocollant figurinha adesivo çıkartma стикер стікер naklejka "
    "stiker klistermärke klistremerke tarra matrica nálepka αυτοκόλλητο "
    "מדבקה ملصق 스티커 ステッカー 贴图 貼圖",
    "animation": "gif",
    "contact": "contact contacto kontakt contato contatto contactkaart kişi kartı "
    "контакт kontaktkort kartu kontak fiche vcard",
    "file": "document documento dokument documento документ belge dokumen "
    "dokumentum asiakirja έγγραφο מסמך مستند 문서 書類 文件 文档 media média medias "
    "médias multimedia mídia multimédia медиафайл медіа medya medium medien "
    "media-fil arquivo fichier datei bestand plik soubor",
}
_LEFT_OUT = _stems(
    """
    omit omis omess ocult retir absent manquant weggelas ausgelas ausgeschl inclus esclus
    inclu weggelat pominię opuszcz опущ пропущ пропущен без вилуч отсутств dahil diabaikan
    disembunyikan kihagy vynech udelad utelat utelämn poistet jätetty exclu excluid omès
    omès οποί παραλεί exclusă omisă izostavl השמט محذوف استبعاد 생략 제외
    省略 略过 忽略 không tidak disertakan
    """
)
_ATTACHED = _stems(
    """
    attach joint adjunt angehängt allegat anexad bijgevoegd eklen прикреплен вкладен
    załączon terlampir bifog vedlagt vedhæft liite csatol přilož ataşat priložen מצורף مرفق
    첨부 添付 附件 đính
    """
)
_DELETED = _stems(
    """
    deleted supprimé supprimée eliminó eliminaste eliminado gelöscht eliminato eliminata
    apagada apagou apagado verwijderd silindi sildiniz удалено удалил удалили удалила
    видалено usunięto usunięta dihapus menghapus törölve törölted smazán raderades raderat
    slettet poistettu διαγρά נמחקה حذف 삭제 削除 删除 刪除 xóa șters
    """
)
_MESSAGE = _stems(
    """
    message mensaje nachricht messaggio mensagem bericht mesaj сообщени повідомленн wiadomoś
    pesan üzenet zpráv meddeland besked melding viesti μήνυμα הודעה رسالة 메시지 メッセージ 消息
    訊息 nhắn
    """
)
# as the notice begins; another wording is believed where it recurs in a file
_THIS_MESSAGE = re.compile(
    r"""(?:
      (?:this|ce|cet|este|esta|diese|questo|dit|bu|это|этот|це|ta|ini|ez|az|toto|tato|det
      |detta|denne|dette|tämä|αυτό|το|זו|ההודעה|הודעה|هذه|تم|이|이것|この|このメッセージ|此|该|您|你|acest
      |mesajul|se\ elimin\w+|pesan|đã|tin|данное|сообщение|wiadomość|mensagem|zpráva
      )\b .* (?:messag|mensaj|nachricht|mensag|bericht|mesaj|сообщени|повідом|wiadom|pesan|üzenet
      |zpráv|meddeland|besked|melding|viesti|μήνυμα|הודעה|رسالة|메시지|メッセージ|消息|訊息|nhắn)
    | (?:you|vous|tu|usted|du|sie|hai|você|je|jij|вы|ви|anda|kamu)\s.*
      \b(?:this|ce|este|diese|questo|essa|esta|dit|это|це|ini)\b
    | message\ deleted | (?:mensagem\ apagada|mensaje\ eliminado|messaggio\ eliminato
      |message\ supprimé|nachricht\ gelöscht|bericht\ verwijderd)\.?\Z
    | eliminaste | apagaste | silindi | usunięto | .*削除
    | .*删除 | .*刪除 | .*삭제
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TWO_SENTENCES = re.compile(r"[^.。]{20,}[.。]\s?.{8,}", re.DOTALL)
_EDITED = _stems(
    """
    edited modifié modifiée editado editó bearbeitet modificato modificata editada bewerkt
    düzenlen изменен отредактиров редаговано змінено edytowan diedit szerkeszt upraven
    redigera redigeret redigert muokattu επεξεργ נערכה تعديل 수정 編集 编辑 編輯 chỉnh editat
    """
)
_POLLS = _stems(
    """
    poll sondage encuesta umfrage sondaggio enquete peiling anket опрос опитування ankieta
    """
)

# whole sentences of notices, which on Android and in groups on iPhones may look like messages
_NOTICES = re.compile(
    r"""
    end-to-end[\ -]encrypt | chiffrés?\ de\ bout\ en\ bout | cifrad[oa]s\ de\ extremo\ a\ extremo
    | ende-zu-ende-verschlüssel | crittografat[ei]\ end-to-end | criptografia\ de\ ponta\ a\ ponta
    | encriptad[ao]s\ ponto\ a\ ponto | end-to-end\ versleutel | uçtan\ uca\ şifrel
    | сквозным\ шифровани | наскрізн\w+\ шифруван | szyfrowan\w+\ (?:metodą\ )?end-to-end
    | terenkripsi\ (?:secara\ )?end-to-end | end-to-end-krypter | end-to-end[\ -]titkos
    | now\ secured\ with\ end-to-end | مشفرة | 종단간 | エンドツーエンド | 端到端
    """,
    re.VERBOSE | re.IGNORECASE,
)
# verbs of notices: believed only where the shape already says that WhatsApp speaks
_EVENTS = re.compile(
    r"""
    \b(?: created | added | left\b | joined | removed | changed | missed | pinned
    | turned\ (?:on|off) | now\ an\ admin | security\ code | disappearing | waiting\ for\ this
    | view\ once | voice\ call | video\ call | blocked | unblocked | business | invite | group
    | community | a\ créé | avez\ créé | a\ ajouté | avez\ ajouté | a\ quitté | a\ rejoint
    | a\ retiré | a\ changé | a\ modifié | manqué | code\ de\ sécurité | appel | épinglé
    | éphémères | groupe | en\ attente | creó | creaste | añadió | añadiste | salió | se\ unió
    | eliminó\ a | cambió | perdida | grupo | erstellt | hinzugefügt | verlassen | beigetreten
    | entfernt | geändert | verpasst | gruppe | creato | aggiunto | abbandonato | uscito
    | entrato | rimosso | cambiato | persa | gruppo | criou | adicionou | saiu | entrou
    | removeu | mudou | alterou | perdida | aangemaakt | toegevoegd | verlaten | verwijderd
    | gewijzigd | gemist | groep | oluşturdu | ekledi | ayrıldı | katıldı | çıkardı
    | değiştirdi | cevapsız | grup | создал | добавил | вышел | вышла | присоединил | удалил
    | изменил | пропущенн | utworzył | dodał | opuścił | dołączył | usunął | zmienił )
    """,
    re.VERBOSE | re.IGNORECASE,
)

# who did what to whom in a chat, and who came or went
_ADDED = re.compile(
    r"""
    (?P<who>.{1,80}?)\ (?:
      (?:added|removed|invited)
    | (?:a|avez|as)\ (?:ajouté|retiré|supprimé|invité)
    | (?:añadió|añadiste|agregó|agregaste|eliminó|eliminaste)\ a
    | (?:ha|hai)\ (?:aggiunto|rimosso)
    | (?:adicionou|adicionaste|removeu)
    )\ (?P<whom>.{1,200})
    | (?P<who_2>.{1,80}?)\ (?:hat|hast|haben|heeft|hebt|heb)\ (?P<whom_2>.{1,200}?)
      \ (?:hinzugefügt|entfernt|eingeladen|toegevoegd|verwijderd)
    """,
    re.VERBOSE,
)
_CAME = re.compile(
    r"""
    (?P<who>.{1,80}?)\ (?:
      joined | left | was\ (?:added|removed) | created | changed | requested
    | a\ (?:rejoint|quitté|créé|changé|modifié|été\ (?:ajouté|retiré|supprimé))
    | est\ parti | s’est\ joint | s'est\ joint | se\ unió | salió | creó | cambió
    | ist\ .*beigetreten
    | hat\ (?:die|das|den|diese)\ .*(?:verlassen|erstellt|geändert)
    | wurde\ (?:hinzugefügt|entfernt)
    | è\ (?:uscito|entrato)|ha\ (?:abbandonato|creato|cambiato|modificato) | saiu|entrou|criou|mudou
    | heeft\ (?:de|het|deze)\ .*(?:verlaten|gemaakt|aangemaakt|gewijzigd) | is\ toegevoegd
    )\b.*
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r",\s*|\s+(?:and|et|y|und|e|en|&)\s+")
_NOBODY = re.compile(
    r"you|vous|tu|toi|te|ti|du|dich|sie|usted|ustedes|tú|hai|você|jij|je|u|your|this|ce|cet|the|le"
    r"|la|someone|others|other|anyone|admins|admin",
    re.IGNORECASE,
)

_ENDINGS = {
    "photo": "jpg jpeg png heic",
    "video": "mp4 mov 3gp mkv avi",
    "voice": "opus m4a aac mp3 ogg amr wav",
    "sticker": "webp",
    "animation": "gif",
    "contact": "vcf",
}
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.casefold().split()}
_IN_NAME = (("-GIF-", "animation"), ("STK-", "sticker"), ("-STICKER-", "sticker"))

# iPhones: <attached: 00000012-PHOTO-2021-03-18-15-02-11.jpg>
_IN_ANGLES = re.compile(r"\u200e?<[^<>:：\n]{2,40}[:：]\s?([^<>\n]{1,200}\.\w{2,5})>")
# Android: IMG-20210318-WA0001.jpg (file attached)
_IN_PARENTHESES = re.compile(r"\A\u200e?([^\n]{1,200}\.\w{2,5}) \(([^()\n]{3,48})\)[ \t]*(?:\n|\Z)")
_PHONE_NAMED = re.compile(r"\A[A-Z]{3}-\d{8}-WA\d{4}\.")
_ANGLES_ONLY = re.compile(r"\A\u200e?<([^<>\n]{3,60})>[ \t]*(?:\n|\Z)")
_EDIT_MARK = re.compile(r"[ \t]*\u200e?<([^<>\n]{4,80})>[ \t]*\Z")
_PLACE = re.compile(
    r"\A\u200e?[^\n:：]{3,80}[:：] ?\n?\u200e?https?://(?:maps\.google\.|www\.google\.[a-z.]+/maps|"
    r"maps\.apple\.com|foursquare\.com)\S*\s*\Z"
)
_POLL_LINE = re.compile(r"\A\u200e?[^\W\d_]{3,14}\s?[:：]\s?(.+?)(?: \([^()]*\d[^()]*\))?\Z")


def kind_by_name(name: str) -> str:
    """Return the kind of a media file by its name."""
    for part, kind in _IN_NAME:
        if part in name:
            return kind
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), "file")


def _kind_by_words(text: str) -> str | None:
    words = re.findall(r"[\w-]+", text.casefold())
    for word in words:
        kind = _BY_WORD.get(word)
        if kind and kind != "file":
            return kind
    return "file" if any(word in _BY_WORD for word in words) else None


def media_in(text: str) -> tuple[str, str | None, str] | None:
    """Return the kind of medium that a message stands for, its file name and the caption."""
    if found := _IN_ANGLES.search(text):
        caption = text[: found.start()] + text[found.end() :]
        return kind_by_name(found[1]), found[1], caption.strip()
    if found := _IN_PARENTHESES.match(text):
        named = _PHONE_NAMED.match(found[1])
        if named or text[0] == MARK or _ATTACHED.search(found[2].casefold()):
            return kind_by_name(found[1]), found[1], text[found.end() :].strip()
    if (found := _ANGLES_ONLY.match(text)) and _LEFT_OUT.search(found[1].casefold()):
        return _kind_by_words(found[1]) or "file", None, text[found.end() :].strip()
    if _PLACE.match(text):
        return "place", None, ""
    return _left_out(text)


def _left_out(text: str) -> tuple[str, str | None, str] | None:
    """Return what iPhones write for media left out: `image omitted`, after a caption if any."""
    before, mark, last = text.rpartition(MARK)
    words = last if mark else text
    if len(words) > 48 or "\n" in words.strip():
        return None
    folded = words.strip().strip(".").casefold()
    kind = _kind_by_words(folded)
    if kind is None or not _LEFT_OUT.search(folded):
        return None
    if not mark:
        # without the mark only the bare two or three words: people write about images too
        return (kind, None, "") if len(folded.split()) <= 3 else None
    caption = before.strip(MARK + " \n")
    return kind, None, "" if "•" in caption else caption


def may_be_deleted(text: str) -> bool:
    """Say whether a message may be the notice that it was deleted: short, with the words of one."""
    if len(text) > 90 or "\n" in text or "?" in text:
        return False
    folded = text.casefold()
    return bool(_DELETED.search(folded) and _MESSAGE.search(folded) and len(folded.split()) <= 8)


def is_deleted(text: str) -> bool:
    """Say whether a message is the notice that it was deleted: by its mark, or as one begins."""
    if not may_be_deleted(text):
        return False
    return text[:1] == MARK or bool(_THIS_MESSAGE.match(text))


def without_edit_mark(text: str) -> tuple[str, bool]:
    """Return a message without its mark of an edit, and whether there was one."""
    found = _EDIT_MARK.search(text)
    if found and _EDITED.search(found[1].casefold()) and _MESSAGE.search(found[1].casefold()):
        return text[: found.start()], True
    return text, False


def is_notice(text: str) -> bool:
    """Say whether a line without a sender is WhatsApp speaking."""
    start = text[:24].casefold()
    if "\n" not in text and _MESSAGE.search(start) and _NOTICES.search(text[:200]):
        return True
    return text[:1] == MARK and is_event(text)


def is_notice_of(text: str) -> bool:
    """Say whether what looks like somebody's message is WhatsApp speaking.

    People write of encryption too: without WhatsApp's mark it is a notice of two sentences.
    """
    return is_notice(text) and (text[:1] == MARK or bool(_TWO_SENTENCES.match(text)))


def is_event(text: str) -> bool:
    """Say whether a line tells what happened to a chat: who came, what was renamed."""
    return "\n" not in text and len(text) < 300 and bool(_EVENTS.search(text))


def people_in(text: str) -> tuple[str, ...]:
    """Return whom a notice of WhatsApp names: who added whom, who came, who left.

    >>> people_in("Anselme Pirotte added Gudule Wastiaux and Lou")
    ('Anselme Pirotte', 'Gudule Wastiaux', 'Lou')
    """
    line = text.strip(MARK + " .")
    if len(line) > 300 or "\n" in line:
        return ()
    if found := _ADDED.fullmatch(line):
        told = [found["who"] or found["who_2"], *_LISTED.split(found["whom"] or found["whom_2"])]
    elif found := _CAME.fullmatch(line):
        told = [found["who"]]
    else:
        return ()
    names = [name.strip("~ \u202a\u202c\u2068\u2069\u200e\u00a0") for name in told]
    return tuple(n for n in names if 0 < len(n) <= 40 and not _NOBODY.fullmatch(n.split()[0]))


def poll_in(text: str) -> str | None:
    """Return question and options of a poll, None if the message is none."""
    lines = text.split("\n")
    head = lines[0].strip(MARK + " ")
    if (
        len(lines) < 3
        or head[-1:] not in (":", "：")
        or not _POLLS.fullmatch(head[:-1].strip().casefold())
    ):
        return None
    options = [_POLL_LINE.match(line.strip()) for line in lines[2:]]
    return "\n".join([lines[1].strip(), *(found[1] for found in options if found)])


def tells_of_person(sender: str) -> bool:
    """Say whether what stands before the first colon can be a sender, not a notice's first half."""
    if len(sender) > 100 or not sender.strip(MARK + " "):
        return False
    for opening, closing in (("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'), ("「", "」")):
        if opening in sender:
            count = sender.count(opening)
            if (opening == closing and count % 2) or (
                opening != closing and count > sender.count(closing)
            ):
                return False
    return True
