BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE customer_details (
	workspace_id TEXT NOT NULL, 
	customer_key TEXT NOT NULL, 
	details_sealed BLOB NOT NULL, 
	PRIMARY KEY (workspace_id, customer_key)
);
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
	detail TEXT NOT NULL, note_sealed BLOB, 
	PRIMARY KEY (event_id), 
	FOREIGN KEY(portal_id) REFERENCES portals (portal_id) ON DELETE CASCADE
);
INSERT INTO "portal_events" VALUES(1,'one',1898596800000000,'requested','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(2,'one',1898596800000000,'created','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(3,'two',1898596800000000,'requested','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(4,'two',1898596800000000,'created','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(5,'one',1898600400000000,'sent','ada','{"channel": "email"}',X'01000000000000004000800000000000000A227EFD17D888FB29F2D4FB0FCB63961E0BADAD7CD867948DB65A7E024008C482B1425121A607AC');
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
	deleted_at BIGINT, kind TEXT DEFAULT 'portal' NOT NULL, renewed_from TEXT, renewed_to TEXT, client_session_id TEXT, twin_of TEXT, preview_verdict TEXT, preview_concerns TEXT, sent_note_sealed BLOB, damaged BIGINT DEFAULT '0' NOT NULL, created_by TEXT, created_by_folded TEXT, preset TEXT, preset_folded TEXT, 
	PRIMARY KEY (portal_id)
);
INSERT INTO "portals" VALUES('one','00000000-0000-4000-8000-000000000001','sandbox','key-one','key-one','key-one
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AC8AD7670BC8E5429D7DA1E6CD1285A7C7DF96AB68AF890AA8C6D5A3CB8399A77A403EDE66C3A3DCDED76943D8DB7400D7DACD85CE2D444B6C21DBAB6BE2D6F871FA5BA1C7F1373BC5505D1F29710B29E55ADEA0F8976E66137F5B76F','portal.example','request-1',NULL,NULL,NULL,NULL,1898600400000000,'ada','email',NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,X'01000000000000004000800000000000000A606A6457F218A59F94BF07178ABBF66F577F8D6548053C9CDE18E436FED7FF6274D4D81D5D0D98',0,'ada','ada','Hotels','hotels');
INSERT INTO "portals" VALUES('two','00000000-0000-4000-8000-000000000001','sandbox','key-two','key-two','key-two
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AD55502D78A2F8CAD4011312E01774678268A3018CCEB9AD8BA4BA76DC8E5DAA6D2BC3826425ADB040C034444B3C174B1B8E0C846AB2547438780CA714F22252FA85CADB0212935E53CEE3AF3F6A05E919648ADD291948926179CB17E','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'ada','ada','Hotels','hotels');
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
CREATE TABLE preview_reports (
	portal_id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	mode TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	thumbnail_sealed BLOB, 
	PRIMARY KEY (portal_id), 
	FOREIGN KEY(portal_id) REFERENCES portals (portal_id) ON DELETE CASCADE
);
CREATE INDEX ix_portals_created ON portals (workspace_id, coalesce(created_at, requested_at) DESC, requested_at DESC, portal_id);
CREATE INDEX ix_portals_customer ON portals (workspace_id, customer_key_folded);
CREATE INDEX ix_portals_expires ON portals (workspace_id, expires_at);
CREATE INDEX ix_portals_sent ON portals (workspace_id, sent_at);
CREATE INDEX ix_portal_events_portal ON portal_events (portal_id, at, event_id);
CREATE INDEX ix_portals_twin ON portals (workspace_id, twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX ix_preview_evidence_portal ON preview_evidence (portal_id, at);
COMMIT;
