-- What counts, told once: stages, pages, the API and publications read these views.
-- `codings` holds the corrections of people that hold now; `$cut` is the confidence from which a
-- fact counts. A query that says which months it needs opens the files of those months alone.

-- Documents in their present version: an edited one leaves its old rows behind.
CREATE VIEW current_documents AS
SELECT d.* FROM documents d ANTI JOIN (
  SELECT id, max(version) AS newest FROM documents WHERE version > 1 GROUP BY id
) n ON n.id = d.id AND d.version < n.newest;

-- The same, each with its first appearance: what reposts each other counts once, as `first`.
CREATE VIEW texts AS
SELECT d.*, coalesce(r.original, d.id) AS first
FROM current_documents d LEFT JOIN reposts r ON r.document = d.id;

-- What people said of passages, in the names of an observation.
CREATE VIEW corrections AS
SELECT document, version, start, stop, kind, verdict, who AS coder,
       fields->>'substance' AS substance, CAST(fields->>'amount' AS DOUBLE) AS amount,
       CAST(fields->>'amount_max' AS DOUBLE) AS amount_max, fields->>'currency' AS currency,
       CAST(fields->>'quantity' AS DOUBLE) AS quantity, fields->>'unit' AS unit,
       CAST(fields->>'percent' AS DOUBLE) AS percent,
       CAST(fields->>'percent_max' AS DOUBLE) AS percent_max, fields->>'basis' AS basis,
       fields->>'analyte' AS analyte, fields->>'place' AS place, fields->>'role' AS role,
       fields->>'platform' AS platform, fields->>'code' AS code
FROM codings;

-- Facts that count: what the coder says at or over the cut, less what people rejected, with what
-- they confirmed and added, in the present version of each document. A correction is of the
-- version that the person read. What is denied is among them: `facts` leaves it out.
CREATE VIEW stated AS
SELECT o.document, o.version, o.start, o.stop, o.kind, o.substance, o.amount, o.amount_max,
       o.currency, o.quantity, o.unit, o.percent, o.percent_max, o.basis, o.analyte, o.place,
       o.role, o.platform,
       o.code, CASE WHEN c.sure THEN 1.0 ELSE o.confidence END AS confidence, o.rule, o.coder,
       t.first, t.day, t.precision, t.month, t.site, t.source, t.kind AS source_kind, t.thread,
       t.author
FROM observations o
JOIN texts t ON t.id = o.document AND t.version = o.version AND t.month = o.month
ANTI JOIN (SELECT * FROM codings WHERE verdict = 'reject') r
  ON r.document = o.document AND r.version = o.version AND r.kind = o.kind
  AND r.start = o.start AND r.stop = o.stop
LEFT JOIN (
  SELECT DISTINCT document, version, kind, start, stop, true AS sure
  FROM codings WHERE verdict = 'confirm'
) c ON c.document = o.document AND c.version = o.version AND c.kind = o.kind
  AND c.start = o.start AND c.stop = o.stop
WHERE o.confidence >= $cut OR c.sure
UNION ALL
SELECT c.document, c.version, c.start, c.stop, c.kind, c.substance, c.amount, c.amount_max,
       c.currency, c.quantity, c.unit, c.percent, c.percent_max, c.basis, c.analyte, c.place,
       c.role, c.platform,
       c.code, 1.0, '', c.coder,
       t.first, t.day, t.precision, t.month, t.site, t.source, t.kind, t.thread, t.author
FROM corrections c JOIN texts t ON t.id = c.document AND t.version = c.version
WHERE c.verdict = 'add';

CREATE VIEW facts AS SELECT * FROM stated WHERE kind <> 'mention' OR role IS DISTINCT FROM 'denied';
CREATE VIEW denied AS SELECT * FROM stated WHERE kind = 'mention' AND role = 'denied';

-- What laboratories found: less what they looked for in vain, and what is below their limit.
-- Which samples were analysed needs the thesaurus: `analysed`, by `fanal.laboratory.findings`.
CREATE VIEW found AS SELECT * FROM results WHERE role <> 'none' AND NOT censored;
