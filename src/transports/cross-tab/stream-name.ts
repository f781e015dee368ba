/**
 * A name for what identifies a stream: a hash, so that nothing of it can be read from a channel's or a lock's name. 106 bits
 * and no cryptography: pages without https have none, and whoever can choose what is hashed is the page itself.
 */
export function streamName(identity: string): string {
  return `eventwire:1:${hash(identity, 0)}${hash(identity, 0x9e37_79b9)}`
}

/** 53 bits, as base 36. */
function hash(text: string, seed: number): string {
  let one = 0xdead_beef ^ seed
  let other = 0x41c6_ce57 ^ seed
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x9e37_79b1)
    other = Math.imul(other ^ unit, 0x5f35_6495)
  }
  one = Math.imul(one ^ (one >>> 16), 0x85eb_ca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2_ae35)
  other = Math.imul(other ^ (other >>> 16), 0x85eb_ca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2_ae35)
  return (2 ** 32 * (0x1f_ffff & other) + (one >>> 0)).toString(36).padStart(11, '0')
}
