"""The bytes of files: in through the upload address, out to the page."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.workspace import Workspace


async def receive_upload(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Takes the bytes of an announced file, raw or as a form; the length must be the one announced."""
    file = workspace.files.by_id.get(request.match_info["id"])
    if file is None or file.content is not None:
        return web.Response(status=404, text="file_not_found")
    content = b""
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for value in form.values():
            content = value.file.read() if isinstance(value, web.FileField) else str(value).encode()
    else:
        content = await request.read()
    if len(content) != file.length:
        return web.Response(status=400, text="length does not match")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


async def send_file(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Sends a file to the page."""
    file = workspace.files.by_id.get(request.match_info["id"])
    if file is None or file.content is None:
        raise web.HTTPNotFound
    mime = str(file.as_json(workspace.url)["mimetype"])
    return web.Response(body=file.content, content_type=mime)
