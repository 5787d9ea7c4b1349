"""The archive's tables.

    meta      schema, generation, fingerprint, name of the index folder in use ...
    articles  id -> the version that queries see
    versions  one text of one article, with its metadata and the offsets of its sentences
    validity  from when on a version was the known one of its article
    chunks    what is searched of the visible and the pending versions
    vectors   hash of an embedded text, embedder -> vector
    stale     chunks that an index may still hold and the archive does not
    removed   ids of articles that were removed and not added again
    stories   id -> the story that it was joined to, if it was; ids are never used again
    memberships  article -> its story, and what the article is compared by
    calls     what was asked of chat models, and what it cost: no text of it
    replies   what chat models replied, by the fingerprint of the request
    editions  briefings that were printed, the last few of each request

Only types that SQLite and PostgreSQL share.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = "1"
"""Version of the tables. A newer one is refused, never guessed at."""

tables = sa.MetaData()
meta = sa.Table("meta", tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text))
articles = sa.Table(
    "articles",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("live", sa.Text),  # version that queries see, null until it is indexed
)
versions = sa.Table(
    "versions",
    tables,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),  # order in which versions came
    sa.Column("state", sa.Text, nullable=False, index=True),  # pending | indexed
    sa.Column("root", sa.Text, nullable=False, index=True),
    sa.Column("headline", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("outlet_key", sa.Text),
    sa.Column("published", sa.Text),  # as it was given, with its offset
    sa.Column("instant", sa.Float(53)),  # the same in seconds since 1970 UTC
    sa.Column("url", sa.Text),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("splitter", sa.Text, nullable=False),
    # The long ones stand last: SQLite walks through a row's pages to what comes after them.
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("spans", sa.LargeBinary, nullable=False),  # uint32 pairs: start and end of each sentence
    sa.Column("text", sa.Text, nullable=False),
    # Which articles a scope allows is read from these indexes alone.
    sa.Index("versions_by_instant", "instant", "article", "version"),
    sa.Index("versions_by_outlet", "outlet_key", "instant", "article", "version"),
)
validity = sa.Table(
    "validity",
    tables,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("since", sa.Float(53), primary_key=True),  # seconds since 1970 UTC; several where a text came back
)
chunks = sa.Table(
    "chunks",
    tables,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, index=True),  # of the text that was embedded
    sa.Index("chunks_by_version", "article", "version", "n"),
)
vectors = sa.Table(
    "vectors",
    tables,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
stale = sa.Table("stale", tables, sa.Column("chunk", sa.Text, primary_key=True))
removed = sa.Table("removed", tables, sa.Column("article", sa.Text, primary_key=True))
calls = sa.Table(
    "calls",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False, index=True),  # in UTC, to the millisecond
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("read", sa.Integer, nullable=False),  # tokens
    sa.Column("written", sa.Integer, nullable=False),
    sa.Column("dollars", sa.Float(53)),  # null if the price is unknown
    sa.Column("outcome", sa.Text, nullable=False),  # open | done | failed
    sa.Column("estimated", sa.Boolean, nullable=False),  # tokens counted by us
)
replies = sa.Table(
    "replies",
    tables,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
stories = sa.Table(
    "stories",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),  # order in which they were founded
    sa.Column("joined", sa.Text, index=True),  # id of the story that it is part of now
)
memberships = sa.Table(
    "memberships",
    tables,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, nullable=False),  # that was compared
    sa.Column("story", sa.Text, nullable=False, index=True),  # empty: furniture of a page, in no story
    sa.Column("features", sa.LargeBinary, nullable=False),
)

editions = sa.Table(
    "editions",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False, index=True),  # of what was asked for
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),  # in UTC, to the millisecond
    sa.Column("generation", sa.Integer, nullable=False),  # of the archive, when writing began
    sa.Column("serial", sa.Integer, nullable=False),  # of the last version that was there then
    sa.Column("made", sa.Text, nullable=False),  # how: length, window, model
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # citewire/briefing-1
    sa.Column("changes", sa.Text),  # citewire/changes-1, null where it was compared with nothing
)

of_live_version = sa.and_(chunks.c.article == articles.c.id, chunks.c.version == articles.c.live)
is_live_version = sa.and_(versions.c.article == articles.c.id, versions.c.version == articles.c.live)
