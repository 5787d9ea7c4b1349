"""Wire documents to something a person reads: text, Markdown, HTML, a Word document, a draft of a mail.

Nothing from an article or a model is ever interpreted: no escape sequence, no markup, no tag, no remote resource.
"""

from rag.rendering.changes import changes_html, changes_markdown, changes_text
from rag.rendering.characters import line, link, plain, visible
from rag.rendering.listing import stories_text
from rag.rendering.markdown import answer_markdown, briefing_markdown
from rag.rendering.outline import title
from rag.rendering.page import answer_html, briefing_html, page
from rag.rendering.terminal import answer_text, article_text, articles_text, briefing_text, claim_text
from rag.rendering.words import count, when

__all__ = [
    "answer_html",
    "answer_markdown",
    "answer_text",
    "article_text",
    "articles_text",
    "briefing_html",
    "briefing_markdown",
    "briefing_text",
    "changes_html",
    "changes_markdown",
    "changes_text",
    "claim_text",
    "count",
    "line",
    "link",
    "page",
    "plain",
    "stories_text",
    "title",
    "visible",
    "when",
]
