BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE ledger_meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "ledger_meta" VALUES('current_key_id','00000000-0000-4000-8000-00000000000a');
CREATE TABLE portal_events (
	event_id INTEGER NOT NULL, 
	portal_id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (event_id), 
	FOREIGN KEY(portal_id) REFERENCES portals (portal_id) ON DELETE CASCADE
);
INSERT INTO "portal_events" VALUES(1,'sent',1898596800000000,'requested','ada','{}');
INSERT INTO "portal_events" VALUES(2,'sent',1898596800000000,'created','ada','{}');
INSERT INTO "portal_events" VALUES(3,'undone',1898596800000000,'requested','ada','{}');
INSERT INTO "portal_events" VALUES(4,'undone',1898596800000000,'created','ada','{}');
INSERT INTO "portal_events" VALUES(5,'plain',1898596800000000,'requested','ada','{}');
INSERT INTO "portal_events" VALUES(6,'plain',1898596800000000,'created','ada','{}');
INSERT INTO "portal_events" VALUES(7,'sent',1898596800000000,'checked','ada','{"found": "1 warning: It speaks \u201c\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac\u201d"}');
INSERT INTO "portal_events" VALUES(8,'sent',1898600400000000,'sent','ada','{"note": "for Lu\u0301cia at the desk", "channel": "email"}');
INSERT INTO "portal_events" VALUES(9,'undone',1898600400000000,'sent','ada','{"note": "wrong person", "channel": "sms"}');
INSERT INTO "portal_events" VALUES(10,'undone',1898596800000000,'sent_undone','ada','{}');
INSERT INTO "portal_events" VALUES(11,'plain',1898604000000000,'sent','ada','{}');
CREATE TABLE portals (
	portal_id TEXT NOT NULL, 
	workspace_id TEXT NOT NULL, 
	workspace_kind TEXT NOT NULL, 
	customer_key TEXT NOT NULL, 
	customer_key_folded TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	request BLOB NOT NULL, 
	requested_at BIGINT NOT NULL, 
	created_at BIGINT, 
	expires_at BIGINT, 
	url_sealed BLOB, 
	url_host TEXT, 
	seam_request_id TEXT, 
	failure_title TEXT, 
	failure_message TEXT, 
	failure_request_id TEXT, 
	previewed_at BIGINT, 
	sent_at BIGINT, 
	sent_by TEXT, 
	sent_channel TEXT, 
	sent_note TEXT, 
	revoked_at BIGINT, 
	deleted_at BIGINT, kind TEXT DEFAULT 'portal' NOT NULL, renewed_from TEXT, renewed_to TEXT, client_session_id TEXT, twin_of TEXT, preview_verdict TEXT, preview_concerns TEXT, 
	PRIMARY KEY (portal_id)
);
INSERT INTO "portals" VALUES('sent','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
for lúcia at the desk','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000A23348FF3539765677197B5DC3547EA21103F4CD80EC12456E0CA5605F9ACFA3705CB197155835321AEDFCF319D191680B4701B60DC3A6C55CD0A21FACEC991A71C114E0FFA1DF8B57CCDB5FC3BB8B9791FC1A4800505F4AAC413287A','portal.example','request-1',NULL,NULL,NULL,NULL,1898600400000000,'ada','email','for Lúcia at the desk',NULL,NULL,'portal',NULL,NULL,NULL,NULL,'warning','It speaks “Ελληνικά”.');
INSERT INTO "portals" VALUES('undone','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000A04FD1B5EBF20682029002BB2068277574762363A2CB2E450D8B23C1EFE0D3CB12D4592251081739CFF41D9989AA7BB4C1962B600F0C1D34000BDD0260D33E453852172AC795DFC963C9D3A040346A2C1DBEC3FC739CB1C6FB225B3FE','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "portals" VALUES('plain','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AF2F7C746DC61A285225C3CD39FB1E0D551D9755FEE8D6399540F477748A16923C00E2A3FDEAF782C37BDA6C16DE7FC7C10BDAB166454464FF838FE958F9F0C5B550707FC30B5BF5E863379373E856D75A5CE359279F7539823F4E5CD','portal.example','request-1',NULL,NULL,NULL,NULL,1898604000000000,'ada',NULL,'',NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE preview_evidence (
	evidence_id TEXT NOT NULL, 
	portal_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	mode TEXT NOT NULL, 
	title TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	content_sealed BLOB NOT NULL, 
	PRIMARY KEY (evidence_id), 
	FOREIGN KEY(portal_id) REFERENCES portals (portal_id) ON DELETE CASCADE
);
INSERT INTO "preview_evidence" VALUES('e1','sent','png',1898596800000000,'safe','Phone, dark',7,X'01000000000000004000800000000000000AA166BCC373FB4B3954980ACAD79D32BAE0D2F516FFD86FF4686CB20530AAF870D52BAA');
CREATE TABLE preview_reports (
	portal_id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	mode TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	thumbnail_sealed BLOB, 
	PRIMARY KEY (portal_id), 
	FOREIGN KEY(portal_id) REFERENCES portals (portal_id) ON DELETE CASCADE
);
INSERT INTO "preview_reports" VALUES('sent',1898596800000000,'safe','[["status", "ok", "The page came at once."], ["tls", "unknown", "This couldn\u2019t be seen."], ["language", "warning", "It speaks \u201c\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac\u201d."]]',X'01000000000000004000800000000000000A745925BCECA52EC09D850577214AA9FC672D5B01589963CE36F42DE5156835957EFD63CABA01711DC99946');
CREATE INDEX ix_portals_created ON portals (workspace_id, coalesce(created_at, requested_at) DESC, requested_at DESC, portal_id);
CREATE INDEX ix_portals_customer ON portals (workspace_id, customer_key_folded);
CREATE INDEX ix_portals_expires ON portals (workspace_id, expires_at);
CREATE INDEX ix_portals_sent ON portals (workspace_id, sent_at);
CREATE INDEX ix_portal_events_portal ON portal_events (portal_id, at, event_id);
CREATE INDEX ix_portals_twin ON portals (workspace_id, twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX ix_preview_evidence_portal ON preview_evidence (portal_id, at);
COMMIT;
