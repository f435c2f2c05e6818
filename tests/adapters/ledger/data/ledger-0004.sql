BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
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
INSERT INTO "portal_events" VALUES(1,'sent',1898596800000000,'requested','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(2,'sent',1898596800000000,'created','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(3,'plain',1898596800000000,'requested','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(4,'plain',1898596800000000,'created','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(5,'other',1898596800000000,'requested','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(6,'other',1898596800000000,'created','ada','{}',NULL);
INSERT INTO "portal_events" VALUES(7,'sent',1898600400000000,'sent','ada','{"channel": "email"}',X'01000000000000004000800000000000000AB240968CA30E21A7E14D83C0C32636D91039E5BE1A0F78AEDD8F4FE8B12D414DE90B979F2C45D674CA6440DD2D3C1ADDF978');
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
	deleted_at BIGINT, kind TEXT DEFAULT 'portal' NOT NULL, renewed_from TEXT, renewed_to TEXT, client_session_id TEXT, twin_of TEXT, preview_verdict TEXT, preview_concerns TEXT, sent_note_sealed BLOB, damaged BIGINT DEFAULT '0' NOT NULL, 
	PRIMARY KEY (portal_id)
);
INSERT INTO "portals" VALUES('sent','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000A1CF4AFAB7450AE9876A5C7B007D1A2985450615FF27BF6CEB00DBCA3C1AF9DBBB36DBF8E83814967480E847C1B4E105AECFA58A5A0941C051A5BDA1BF9B4CD2FD0A01303170A7BB7CF1A859128686ED5E4EEBB03C6DED6EB39B74BD3','portal.example','request-1',NULL,NULL,NULL,NULL,1898600400000000,'ada','email',NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,X'01000000000000004000800000000000000A81B187436961DB71B0FA0207378A6722C6E0B00115879CC86031F79954416E759269C1A8EC2E0A8ACC67D612F45899A64C7D',0);
INSERT INTO "portals" VALUES('plain','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AF5171356AC193482B9829F08E462D570D96B090550412FC2AA1131F1EC0A1D00D28814CA9256DBBF681A7B5C67E8589FF71199808D68BBD5978B44DBEC000B7705B77C496A75AB968BE136DC1BB0CCA09AA7580C9A15C1595F9F5222','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "portals" VALUES('other','00000000-0000-4000-8000-000000000001','sandbox','old-mill','old-mill','old-mill
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AC80F463D1DC436EA4B76599CA8F5B0BD70C547F67B268C2D96309A90800F387044F86DF411B082B69892F95EEEAECE5AB85D29B8EF6AD5823CC30DA72012559F13FA52BC416AC322D4A7BA965E1CC3292B6514D7B84B7F06EEA4DC00','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
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
