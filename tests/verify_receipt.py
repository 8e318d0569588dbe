"""Verify a receipt: python3 tests/verify_receipt.py RECEIPT KEYS

Written from docs/RECEIPTS.md alone, with the standard library alone, so that it can be read
in one sitting and shares nothing with the program that makes receipts. It handles public
values only; constant time is of no concern.
"""
import base64
import hashlib
import re
import sys
from datetime import datetime, timedelta

MAX_BYTES = 16 * 1024 * 1024


class Refused(Exception):
    """The reason why a receipt or a key file is not good."""


def need(condition, reason):
    if not condition:
        raise Refused(reason)


# SM3, GB/T 32905.

def rotate(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


SM3_T = [rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32) for j in range(64)]


def sm3(message):
    state = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
             0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64) + (8 * len(message)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[i:i + 4], "big") for i in range(start, start + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            a12 = rotate(a, 12)
            ss1 = rotate((a12 + e + SM3_T[j]) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            gg = e ^ f ^ g if j < 16 else e & f | ~e & g
            tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rotate(b, 9), c
            e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        state = tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))
    return b"".join(x.to_bytes(4, "big") for x in state)


def sha256(message):
    return hashlib.sha256(message).digest()


def multiply(add, zero, u, p, v, q):
    """u·p + v·q, with one doubling per bit for both."""
    table = [zero, p, q, add(p, q)]
    total = zero
    for i in reversed(range(256)):
        total = add(total, total)
        choice = (u >> i & 1) + 2 * (v >> i & 1)
        if choice:
            total = add(total, table[choice])
    return total


# SM2, GB/T 32918.2, on the curve sm2p256v1 of GB/T 32918.5. None is the point at infinity.

SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
         0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_ID = b"1234567812345678"


def sm2_add(p, q):
    if p is None or q is None:
        return q if p is None else p
    (x1, y1), (x2, y2) = p, q
    if x1 == x2 and (y1 + y2) % SM2_P == 0:
        return None
    if p == q:
        slope = (3 * x1 * x1 + SM2_A) * pow(2 * y1, -1, SM2_P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, SM2_P)
    x = (slope * slope - x1 - x2) % SM2_P
    return x, (slope * (x1 - x) - y1) % SM2_P


def sm2_digest(key, message):
    curve = b"".join(v.to_bytes(32, "big") for v in (SM2_A, SM2_B, *SM2_G))
    z = sm3((8 * len(SM2_ID)).to_bytes(2, "big") + SM2_ID + curve + key[1:])
    return int.from_bytes(sm3(z + message), "big")


def sm2_verify(key, message, signature):
    if len(key) != 65 or key[0] != 4 or len(signature) != 64:
        return False
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    if x >= SM2_P or y >= SM2_P or (y * y - x * x * x - SM2_A * x - SM2_B) % SM2_P:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % SM2_N
    if not 0 < r < SM2_N or not 0 < s < SM2_N or t == 0:
        return False
    point = multiply(sm2_add, None, s, SM2_G, t, (x, y))
    return point is not None and (sm2_digest(key, message) + point[0]) % SM2_N == r


# Ed25519, RFC 8032 section 5.1. The addition law is complete: no denominator is ever zero.

ED_P = 2**255 - 19
ED_L = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P
ED_ZERO = (0, 1)


def ed_add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = ED_D * x1 * x2 * y1 * y2 % ED_P
    inverse = pow(1 - k * k, -1, ED_P)  # of both denominators, 1 + k and 1 - k
    return ((x1 * y2 + x2 * y1) * (1 - k) * inverse % ED_P,
            (y1 * y2 + x1 * x2) * (1 + k) * inverse % ED_P)


def ed_encode(p):
    return (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")


def ed_decode(data):
    """The point, or None when the bytes are not the one encoding of a point."""
    y = int.from_bytes(data, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(ED_D * y * y + 1, -1, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    if (x * x - square) % ED_P:
        x = x * pow(2, (ED_P - 1) // 4, ED_P) % ED_P
    if (x * x - square) % ED_P:
        return None
    point = (x if x & 1 == data[31] >> 7 else -x % ED_P, y)
    return point if y < ED_P and ed_encode(point) == data else None


ED_B = ed_decode((4 * pow(5, -1, ED_P) % ED_P).to_bytes(32, "little"))


def ed25519_verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a = ed_decode(key)
    s = int.from_bytes(signature[32:], "little")
    # With a key of small order one signature would fit many messages.
    if a is None or s >= ED_L or multiply(ed_add, ED_ZERO, 8, a, 0, a) == ED_ZERO:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ED_L
    # s·B - k·A has one encoding only, so that any other encoding of R is refused as well.
    return ed_encode(multiply(ed_add, ED_ZERO, s, ED_B, k, (-a[0] % ED_P, a[1]))) == signature[:32]


# The form of receipts. A base64 group has the length of its value: 44 characters hold 32 or 33 bytes.

def form(text):
    return re.compile(text.replace("NUMBER", "(?:0|[1-9][0-9]*)").replace("B64", "[A-Za-z0-9+/=]").encode())


KEYS = form(r"(tongban/NUMBER/NUMBER)\+([0-9a-f]{8})\+(B64{44})\n\1\+([0-9a-f]{8})\+(B64{100})\n")
LEAF = form(r"leaf (NUMBER) (B64*)\n((?:sha256 B64{44}\n)*)((?:sm3 B64{44}\n)*)")
CHECKPOINT = form(r"((tongban/NUMBER/NUMBER)\n(NUMBER)\n(B64{44})\nsm3 (B64{44})\ntime (NUMBER)\n)"
                  r"\n— \2 (B64{92})\n— \2 (B64{92})\n")


def number(digits):
    need(len(digits) <= 20 and int(digits) < 2**64, "a number does not fit in 64 bits")
    return int(digits)


def unbase64(text, size=None):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    # The decoder overlooks unused bits; encoding again does not.
    need(data is not None and base64.b64encode(data) == text, "base64 is not in its exact form")
    need(size in (None, len(data)), "a base64 value has the wrong length")
    return data


def read_keys(data):
    """The origin, and for Ed25519 and SM2 the key id and the key."""
    match = KEYS.fullmatch(data)
    need(match, "the key file does not have the form of two keys of one origin")
    origin, keys = match[1], []
    for key_id, text, prefix, size in ((match[2], match[3], b"\x01", 32), (match[4], match[5], b"\xffSM2-SM3", 65)):
        typed = unbase64(text, len(prefix) + size)
        need(typed.startswith(prefix), "a key is not of the type that its line must have")
        need(sha256(origin + b"\n" + typed).hex()[:8] == key_id.decode(), "a key id does not belong to its key")
        keys.append((bytes.fromhex(key_id.decode()), typed[len(prefix):]))
    return origin, keys


def read_checkpoint(data, origin, keys):
    """The number of leaves, both roots and the moment, once both signatures are verified."""
    match = CHECKPOINT.fullmatch(data)
    need(match, "the checkpoint does not have its form")
    text, named, size, sha256_root, sm3_root, moment, *signatures = match.groups()
    need(named == origin, "the origin of the checkpoint is not that of the keys")
    values = number(size), unbase64(sha256_root, 32), unbase64(sm3_root, 32), number(moment)
    signatures = [unbase64(signature, 68) for signature in signatures]
    for signature, (key_id, key), check in zip(signatures, keys, (ed25519_verify, sm2_verify)):
        need(signature[:4] == key_id, "a signature is by another key")
        need(check(key, text, signature[4:]), f"{check.__name__}: the signature does not verify")
    return values


def read_leaves(data):
    """A list of number, bytes, SHA-256 path, SM3 path."""
    leaves, position = [], 0
    while position < len(data):
        match = LEAF.match(data, position)
        need(match, f"byte {position} of the leaves does not begin a leaf with its paths")
        index, position = number(match[1]), match.end()
        need(not leaves or leaves[-1][0] < index, "the numbers of the leaves do not rise")
        paths = [[unbase64(line.split()[1], 32) for line in lines.splitlines()] for lines in match.group(3, 4)]
        leaves.append((index, unbase64(match[2]), *paths))
    need(leaves, "the receipt has no leaf")
    return leaves


def leads_to_root(hash_of, value, index, size, path, root):
    """RFC 9162 section 2.1.3.2; value is first the hash of the leaf, and path must be exactly long enough."""
    fn, sn = index, size - 1
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            value = hash_of(b"\x01" + sibling + value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = hash_of(b"\x01" + value + sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == root


def show_moment(microseconds):
    try:
        return (datetime(1970, 1, 1) + timedelta(seconds=microseconds // 10**6)).isoformat() + "Z"
    except OverflowError:  # after the year 9999; the page sets no limit
        return f"{microseconds} microseconds after 1970"


def verify(receipt, keys):
    """One line for each leaf, or Refused."""
    need(max(len(receipt), len(keys)) <= MAX_BYTES, "more than 16 MiB")
    need(receipt.startswith(b"tongban-receipt 1\n"), "the first line is not 'tongban-receipt 1'")
    head, mark, note = receipt.partition(b"\ncheckpoint\n")
    need(mark, "the receipt has no checkpoint")
    origin, keys = read_keys(keys)
    leaves = read_leaves(head[len(b"tongban-receipt 1\n"):] + b"\n")
    size, sha256_root, sm3_root, moment = read_checkpoint(note, origin, keys)
    report = []
    for index, leaf, sha256_path, sm3_path in leaves:
        need(index < size, f"leaf {index} is not in a tree of {size} leaves")
        for hash_of, path, root in ((sha256, sha256_path, sha256_root), (sm3, sm3_path, sm3_root)):
            leaf_hash = hash_of(b"\x00" + leaf)
            need(leads_to_root(hash_of, leaf_hash, index, size, path, root),
                 f"the {hash_of.__name__} path of leaf {index} does not lead to the root")
        # The last leaf hash of the loop is the one with SM3.
        report.append(f"leaf {index} of {origin.decode()}, {size} leaves, signed {show_moment(moment)}: "
                      f"{len(leaf)} bytes, sm3 {leaf_hash.hex()}")
    return report


def read_file(path):
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)  # one more than allowed, so that an endless file is refused


def main(arguments):
    try:
        need(len(arguments) == 2, "usage: verify_receipt.py RECEIPT KEYS")
        print("\n".join(verify(*map(read_file, arguments))), flush=True)
        return 0
    except Exception as error:  # whatever goes wrong, the receipt has not been shown to be good
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
