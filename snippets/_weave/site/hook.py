"""What `hooks:` in mkdocs.yml names: the events of MkDocs, handed to one object."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from _weave.site.build import Build

_build = Build()
on_startup = _build.on_startup
on_config = _build.on_config
on_files = _build.on_files
on_pre_page = _build.on_pre_page
on_page_read_source = _build.on_page_read_source
on_page_markdown = _build.on_page_markdown
on_page_content = _build.on_page_content
on_env = _build.on_env
on_post_page = _build.on_post_page
on_post_template = _build.on_post_template
on_post_build = _build.on_post_build
on_serve = _build.on_serve
