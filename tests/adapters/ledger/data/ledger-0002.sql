BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
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
INSERT INTO "portal_events" VALUES(1,'old',1898596800000000,'requested','ada','{}');
INSERT INTO "portal_events" VALUES(2,'old',1898596800000000,'created','ada','{}');
INSERT INTO "portal_events" VALUES(3,'old',1898600400000000,'previewed','ada','{}');
INSERT INTO "portal_events" VALUES(4,'new',1898604000000000,'requested','ada','{"renewed_from": "old"}');
INSERT INTO "portal_events" VALUES(5,'new',1898604000000000,'created','ada','{}');
INSERT INTO "portal_events" VALUES(6,'old',1898596800000000,'renewed','ada','{"renewed_to": "new"}');
INSERT INTO "portal_events" VALUES(7,'stay',1898596800000000,'requested','ada','{}');
INSERT INTO "portal_events" VALUES(8,'stay',1898596800000000,'failed','ada','{"title": "Seam refused some of the fields.", "message": "No."}');
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
	deleted_at BIGINT, kind TEXT DEFAULT 'portal' NOT NULL, renewed_from TEXT, renewed_to TEXT, client_session_id TEXT, 
	PRIMARY KEY (portal_id)
);
INSERT INTO "portals" VALUES('old','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B22637573746F6D65725F64617461223A7B22637573746F6D65725F6B6579223A22686172626F722D686F74656C227D2C226C6F63616C65223A2270742D5054227D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000A9B64C1C14A5B65D069E02847548632ED204A0CDD8CFF6B3061598C50455B6DCD9DFAEA326ADF3215B7DEA5B5150B3EA40ADA29CB7C1F892338B34B8E6F6FFE9B87FFBD6CCF04BEDD5CA99E0DF733E03B7703ED80BF9A30133DEA2E1D','portal.example','request-1',NULL,NULL,NULL,1898600400000000,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,'new','session-1');
INSERT INTO "portals" VALUES('new','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B22637573746F6D65725F64617461223A7B22637573746F6D65725F6B6579223A22686172626F722D686F74656C227D2C226C6F63616C65223A2270742D5054227D',1898604000000000,1898604000000000,1899208800000000,X'01000000000000004000800000000000000A084D0627F609A49D76B4ACB540D7CE953CBF0F283D4F6074155A3DF59D6A8FABAC74F4E3D93958A44B68FA9F3FF03C1C90849F45E80982E93825730E1C92498D457B1C0F0A96363FEEE5F77274A3E88137B5127037A900971D168087','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal','old',NULL,NULL);
INSERT INTO "portals" VALUES('stay','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','failed',X'7B22637573746F6D65725F64617461223A7B22637573746F6D65725F6B6579223A22686172626F722D686F74656C227D2C226C6F63616C65223A2270742D5054227D',1898596800000000,NULL,NULL,NULL,NULL,'r-1','Seam refused some of the fields.','No.','r-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'reservation_deep_link',NULL,NULL,NULL);
CREATE INDEX ix_portals_created ON portals (workspace_id, coalesce(created_at, requested_at) DESC, requested_at DESC, portal_id);
CREATE INDEX ix_portals_customer ON portals (workspace_id, customer_key_folded);
CREATE INDEX ix_portals_expires ON portals (workspace_id, expires_at);
CREATE INDEX ix_portals_sent ON portals (workspace_id, sent_at);
CREATE INDEX ix_portal_events_portal ON portal_events (portal_id, at, event_id);
COMMIT;
