/** The caller's token was not accepted. */
export class Refused extends Error {}

/** Reads from the console's server on behalf of the person who signed in. */
export class Api {
  constructor(token) {
    this.token = token;
  }

  async get(path) {
    const answer = await fetch(path, { headers: { Authorization: `Bearer ${this.token}` }, cache: "no-store" });
    if (answer.status === 401) {
      throw new Refused("The token is not valid here, or has expired.");
    }
    if (answer.status === 403) {
      throw new Refused("This token has none of the roles that may look.");
    }
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.title ?? `the console answered ${answer.status}`);
    }
    return answer.json();
  }
}
