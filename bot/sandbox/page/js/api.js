/** The page's side of the workspace's HTTP interface. Every call names the acting person. */

/** The server could not be reached, or answered with something that is not an answer. */
export class Trouble extends Error {}

let acting = "";

/** Sets who acts in every call from now on. @param {string} user */
export function actAs(user) {
  acting = user;
}

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new Trouble("The local workspace is not running, or cannot be reached.");
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new Trouble(`The local workspace answered ${response.status} without an explanation.`);
  }
  if (!response.ok && body.ok !== false)
    throw new Trouble(body.error ?? `The local workspace answered ${response.status}.`);
  return body;
}

/**
 * Asks for something; a refusal is thrown, its sentence is the message.
 * @param {string} name the part after /client/ @param {object} [query]
 */
export async function get(name, query = {}) {
  const params = new URLSearchParams({ as: acting });
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined) params.set(key, String(value));
  const body = await answer(fetch(`/client/${name}?${params}`, { headers: { accept: "application/json" } }));
  if (body.ok === false) throw new Trouble(body.error ?? "The local workspace did not answer.");
  return body;
}

/**
 * Does something; a refusal comes back as `{ok: false, error}` for the caller to show in its place.
 * @param {string} name the part after /client/ @param {object} [body]
 */
export function post(name, body = {}) {
  return answer(
    fetch(`/client/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as: acting, ...body }),
    }),
  );
}
