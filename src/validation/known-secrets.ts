/** What secrets of one kind look like. */
interface SecretKind {
  /** With its article, for a message. */
  readonly name: string
  /** Where one begins there is no letter, digit, `_` or `-` before it. */
  readonly pattern: string
}

/** How many different characters the least random of them have: an example of one has fewer. */
const fewestCharacters = 8

const base62 = '[A-Za-z0-9]'
const urlSafe = '[A-Za-z0-9_-]'

/**
 * Secrets that tell what they are by how they begin, as those who issue them document. One alternative of a pattern for
 * each: a string is looked through once.
 */
const kinds: readonly SecretKind[] = [
  {name: 'a GitHub token', pattern: `(?:gh[oprsu]_${base62}{36,}|github_pat_\\w{36,})`},
  {name: 'a GitLab token', pattern: `gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent)-${urlSafe}{20,}`},
  {name: 'an AWS access key', pattern: '(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])'},
  {name: 'a Google API key', pattern: `AIza${urlSafe}{35}`},
  {name: 'a Google client secret', pattern: `GOCSPX-${urlSafe}{28}`},
  {name: 'a Slack token', pattern: `(?:xox[abeoprs]|xapp)-${base62}[A-Za-z0-9-]{20,}`},
  {name: 'a Stripe key', pattern: `(?:sk|rk)_live_${base62}{20,}`},
  {name: 'an Anthropic key', pattern: `sk-ant-${urlSafe}{20,}`},
  {name: 'an OpenAI key', pattern: `sk-(?:proj-|svcacct-|admin-)?${urlSafe}{32,}`},
  {name: 'an npm token', pattern: `npm_${base62}{36}`},
  {name: 'a PyPI token', pattern: `pypi-AgE${urlSafe}{50,}`},
  {name: 'a crates.io token', pattern: `cio${base62}{32}(?![A-Za-z0-9])`},
  {name: 'a RubyGems key', pattern: 'rubygems_[0-9a-f]{48}'},
  {name: 'a Docker Hub token', pattern: `dckr_[op]at_${urlSafe}{27,}`},
  {name: 'a Hugging Face token', pattern: `hf_${base62}{34}`},
  {name: 'a DigitalOcean token', pattern: 'do[opr]_v1_[0-9a-f]{64}'},
  {name: 'a SendGrid key', pattern: `SG\\.${urlSafe}{22}\\.${urlSafe}{43}`},
  {name: 'a Shopify token', pattern: 'shp(?:at|ca|pa|ss)_[0-9a-f]{32}'},
  {name: 'a HashiCorp Vault token', pattern: `hv[bsr]\\.${urlSafe}{24,}`},
  {name: 'a Terraform token', pattern: `${base62}{14}\\.atlasv1\\.${urlSafe}{60,}`},
  {name: 'a Grafana token', pattern: `gl(?:sa|c)_${base62}{32,}`},
  {name: 'a Databricks token', pattern: 'dapi[0-9a-f]{32}'},
  {name: 'a Linear key', pattern: `lin_api_${base62}{40}`},
  {name: 'a Tailscale key', pattern: `tskey-[a-z]+-${base62}{8,}-${base62}{20,}`},
  {name: 'a Buildkite token', pattern: 'bk(?:ua|at)_[0-9a-f]{40}'},
  {name: 'a CircleCI token', pattern: `CCI(?:PAT|PRJ)_${base62}{22}_[0-9a-f]{40}`},
  {name: 'an age key', pattern: 'AGE-SECRET-KEY-1[0-9A-Z]{58}'},
  // RFC 7519: header and claims are JSON objects in base64url, and so begin with {" there.
  {name: 'a signed token (JWT)', pattern: `eyJ${urlSafe}{10,}\\.eyJ${urlSafe}{10,}\\.${urlSafe}{20,}`},
  // RFC 7468, section 10; OpenPGP's is RFC 9580, section 6.2.
  {name: 'a private key', pattern: '-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----'},
  {name: 'a private key', pattern: 'PuTTY-User-Key-File-\\d'},
]

const anyKind = new RegExp(`(?<![A-Za-z0-9_-])(?:${kinds.map(({pattern}) => `(${pattern})`).join('|')})`, 'u')

/** What kind of secret `text` holds, with its article; undefined where it holds none that tells. */
export function secretIn(text: string): string | undefined {
  const [found, ...groups] = anyKind.exec(text) ?? []
  return found === undefined || new Set(found).size < fewestCharacters
    ? undefined
    : kinds[groups.findIndex(group => group !== undefined)]?.name
}
