BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
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
INSERT INTO "ledger_meta" VALUES('key_check/00000000-0000-4000-8000-00000000000a','63b1597f0bd25441eaaa1a731216efb9ebe17b431f71e8a6cc729cc1eda858cc');
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
INSERT INTO "portal_events" VALUES(5,'one',1898600400000000,'sent','ada','{"channel": "email"}',X'01000000000000004000800000000000000AD30FCF591969350EC3B0BCA2315A5937108015519114939CAB0B48374182CD63042E7B2BF4F162');
INSERT INTO "portal_events" VALUES(6,'three',1898597100000000,'requested','ACME\Ben','{"renewed_from": "one"}',NULL);
INSERT INTO "portal_events" VALUES(7,'three',1898597100000000,'created','ACME\Ben','{}',NULL);
INSERT INTO "portal_events" VALUES(8,'one',1898596800000000,'renewed','ACME\Ben','{"renewed_to": "three"}',NULL);
INSERT INTO "portal_events" VALUES(9,'two',1898604000000000,'revoked','ACME\Ben','{}',NULL);
INSERT INTO "portal_events" VALUES(10,'nobody',1898593200000000,'requested','','{}',NULL);
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
INSERT INTO "portals" VALUES('one','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000AD7D6966BBCB8C8B58FA5446CC4EC36D303ED0B9FBBC445045235FABAB401085C71FF71B1933FAE170237C9FFBDA801EF5D80CF34019697DA1EFC8A74DEC2AEA28863F77DF29473424B7ED93BCA24E1CAB10BE95ED5B70C71DFE3B0B4','portal.example','request-1',NULL,NULL,NULL,NULL,1898600400000000,'ada','email',NULL,NULL,NULL,'portal',NULL,'three',NULL,NULL,NULL,NULL,X'01000000000000004000800000000000000A83CE5734617245EC250BC96803B6D195378389BD40EB317061639F0D5F4C0FE0A26C5060B40B7F',0);
INSERT INTO "portals" VALUES('two','00000000-0000-4000-8000-000000000001','sandbox','casa-verde','casa-verde','casa-verde
','created',X'7B7D',1898596800000000,1898596800000000,1899201600000000,X'01000000000000004000800000000000000A737B3D12403C703EA6028DEDC828155EF2C6C64DD489AD21C72BA7FBA37679A0C2A18BF4C83DC71A61B4400199E45F9140A362684346BD147D91007CA024EC4F63835D3E2FA3CA63CACF3586AFBBFF24803C9E922CF9A5D701C49673','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1898604000000000,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "portals" VALUES('three','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','created',X'7B7D',1898597100000000,1898597100000000,1899201900000000,X'01000000000000004000800000000000000A580320817853881EC2476FCC17B2B8BCAA1EDC72CC3114F262FA59D608B4B362A81D4C13F9F7C2AB78E8F338CCCAA7ED552B9BB40DCFE655DBB30007FE3C7140D3C16D1B716BBC68C98D4B6EDB649BDE786F2645F7AB806B129BA9FF','portal.example','request-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal','one',NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "portals" VALUES('nobody','00000000-0000-4000-8000-000000000001','sandbox','harbor-hotel','harbor-hotel','harbor-hotel
','requested',X'7B7D',1898593200000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'portal',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
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
