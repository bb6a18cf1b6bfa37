import {expect, test} from 'vitest'
import {secretIn} from '../../src/validation/known-secrets.js'
import {random, randomHex, sampleToken} from './sample-secrets.js'

const upper = (length: number) => random(length).toUpperCase()
const dashes = '-----'

test.each<[string, string]>([
  ['a GitHub token', sampleToken],
  ['a GitHub token', `ghs_${random(36)}`],
  ['a GitHub token', `github_pat_${random(22)}_${random(59)}`],
  ['a GitLab token', `glpat-${random(20)}`],
  ['a GitLab token', `glrt-${random(20)}`],
  ['an AWS access key', `AKIA${'ABCDEFGH2345WXYZ'}`],
  ['a Google API key', `AIza${random(35)}`],
  ['a Google client secret', `GOCSPX-${random(28)}`],
  ['a Slack token', `xoxb-${'123456789012'}-${random(24)}`],
  ['a Stripe key', `sk_live_${random(24)}`],
  ['an Anthropic key', `sk-ant-api03-${random(80)}`],
  ['an OpenAI key', `sk-proj-${random(48)}`],
  ['an OpenAI key', `sk-${random(48)}`],
  ['an npm token', `npm_${random(36)}`],
  ['a PyPI token', `pypi-AgEIcHlwaS5vcmc${random(60)}`],
  ['a crates.io token', `cio${random(32)}`],
  ['a RubyGems key', `rubygems_${randomHex(48)}`],
  ['a Docker Hub token', `dckr_pat_${random(27)}`],
  ['a Hugging Face token', `hf_${random(34)}`],
  ['a DigitalOcean token', `dop_v1_${randomHex(64)}`],
  ['a SendGrid key', `SG.${random(22)}.${random(43)}`],
  ['a Shopify token', `shpat_${randomHex(32)}`],
  ['a HashiCorp Vault token', `hvs.${random(90)}`],
  ['a Terraform token', `${random(14)}.atlasv1.${random(67)}`],
  ['a Grafana token', `glsa_${random(32)}_${randomHex(8)}`],
  ['a Databricks token', `dapi${randomHex(32)}`],
  ['a Linear key', `lin_api_${random(40)}`],
  ['a Tailscale key', `tskey-auth-${random(12)}-${random(32)}`],
  ['a Buildkite token', `bkua_${randomHex(40)}`],
  ['a CircleCI token', `CCIPAT_${random(22)}_${randomHex(40)}`],
  ['an age key', `AGE-SECRET-KEY-1${upper(58)}`],
  ['a signed token (JWT)', `eyJ${random(30)}.eyJ${random(60)}.${random(43)}`],
  ['a private key', `${dashes}BEGIN OPENSSH PRIVATE KEY${dashes}\n${random(70)}`],
  ['a private key', `${dashes}BEGIN PRIVATE KEY${dashes}`],
  ['a private key', `${dashes}BEGIN EC PRIVATE KEY${dashes}`],
  ['a private key', `${dashes}BEGIN PGP PRIVATE KEY BLOCK${dashes}`],
  ['a private key', 'PuTTY-User-Key-File-3: ssh-ed25519'],
])('%s is known, alone and inside a text', (kind, secret) => {
  expect(secretIn(secret)).toBe(kind)
  expect(secretIn(`curl -H "Authorization: Bearer ${secret}" https://example.com`)).toBe(kind)
})

test.each([
  ['an example', `ghp_${'x'.repeat(36)}`],
  ['one that is too short', 'ghp_abc'],
  ['a placeholder', '${{ env:GITHUB_TOKEN }}'],
  ['a commit', randomHex(40)],
  ['a path', '/usr/share/sk-learn/notes-about-something-long-enough'],
  ['a part of a word', `task-${random(48)}`],
  ['a public key', `${dashes}BEGIN PUBLIC KEY${dashes}`],
  ['a certificate', `${dashes}BEGIN CERTIFICATE${dashes}`],
  ['a public SSH key', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${random(40)} me@example.com`],
  ['nothing', ''],
])('%s is none', (_, text) => {
  expect(secretIn(text)).toBeUndefined()
})

test('a long text is looked through once', () => {
  expect(secretIn(`${'sk-'.repeat(300_000)}${'eyJ.'.repeat(100_000)}`)).toBeUndefined()
})
