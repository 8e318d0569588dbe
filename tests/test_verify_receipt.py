"""Tests of verify_receipt.py: python3 tests/test_verify_receipt.py

The primitives are held against published vectors. The receipts are made here, with the means to
sign, so that a receipt of wrong form can carry good signatures and is refused for its form alone.
"""
import base64
import functools
import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import verify_receipt as v  # noqa: E402

PROGRAM = v.__file__
ORIGIN = "tongban/320500/1"
TIME = 1795341600000000  # 2026-11-22T10:00:00Z
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ED_SEED = bytes(range(32))
SM2_SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8


# Signing, for the tests only.

def ed25519_secret(seed):
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254, h[32:]


def ed25519_times_base(k):
    return v.ed_encode(v.multiply(v.ed_add, v.ED_ZERO, k, v.ED_B, 0, v.ED_B))


def ed25519_key(seed):
    return ed25519_times_base(ed25519_secret(seed)[0])


def ed25519_sign(seed, message):
    secret, prefix = ed25519_secret(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % v.ED_L
    big_r = ed25519_times_base(r)
    k = int.from_bytes(hashlib.sha512(big_r + ed25519_key(seed) + message).digest(), "little")
    return big_r + ((r + k * secret) % v.ED_L).to_bytes(32, "little")


def sm2_times_base(k):
    return v.multiply(v.sm2_add, None, k, v.SM2_G, 0, v.SM2_G)


def sm2_key(secret):
    return b"\x04" + b"".join(c.to_bytes(32, "big") for c in sm2_times_base(secret))


def sm2_sign(secret, message):
    e = v.sm2_digest(sm2_key(secret), message)
    k = int.from_bytes(hashlib.sha512(secret.to_bytes(32, "big") + message).digest(), "big") % v.SM2_N
    r = (e + sm2_times_base(k)[0]) % v.SM2_N
    s = pow(1 + secret, -1, v.SM2_N) * (k - r * secret) % v.SM2_N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


# Trees, by the definitions of RFC 6962 section 2.1.

def split(n):
    return 1 << (n - 1).bit_length() - 1


def root(hash_of, leaves):
    if not leaves:
        return hash_of(b"")
    if len(leaves) == 1:
        return hash_of(b"\x00" + leaves[0])
    k = split(len(leaves))
    return hash_of(b"\x01" + root(hash_of, leaves[:k]) + root(hash_of, leaves[k:]))


def audit_path(hash_of, index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return audit_path(hash_of, index, leaves[:k]) + [root(hash_of, leaves[k:])]
    return audit_path(hash_of, index - k, leaves[k:]) + [root(hash_of, leaves[:k])]


# Receipts. Whatever a test wants to be wrong it passes instead of the right value.

def b64(data):
    return base64.b64encode(data).decode()


def typed_keys(origin=ORIGIN):
    typed = (b"\x01" + ed25519_key(ED_SEED), b"\xffSM2-SM3" + sm2_key(SM2_SECRET))
    return [(hashlib.sha256(origin.encode() + b"\n" + key).digest()[:4], key) for key in typed]


def make_keys(origin=ORIGIN):
    return "".join(f"{origin}+{key_id.hex()}+{b64(key)}\n" for key_id, key in typed_keys(origin)).encode()


def make_checkpoint(leaves=LEAVES, origin=ORIGIN, size=None, time=TIME, text=None):
    size = len(leaves) if size is None else size
    if text is None:
        text = f"{origin}\n{size}\n{b64(root(v.sha256, leaves))}\nsm3 {b64(root(v.sm3, leaves))}\ntime {time}\n"
    (ed_id, _), (sm2_id, _) = typed_keys(origin)
    return (f"{text}\n\u2014 {origin} {b64(ed_id + ed25519_sign(ED_SEED, text.encode()))}\n"
            f"\u2014 {origin} {b64(sm2_id + sm2_sign(SM2_SECRET, text.encode()))}\n")


def leaf_lines(index, leaves=LEAVES):
    lines = [f"leaf {index} {b64(leaves[index])}"]
    lines += [f"sha256 {b64(h)}" for h in audit_path(v.sha256, index, leaves)]
    lines += [f"sm3 {b64(h)}" for h in audit_path(v.sm3, index, leaves)]
    return lines


def make_receipt(lines, checkpoint):
    return "\n".join(["tongban-receipt 1", *lines, "checkpoint", checkpoint]).encode()


class Primitives(unittest.TestCase):
    def test_sm3(self):
        self.assertEqual(v.sm3(b"abc").hex(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(v.sm3(b"abcd" * 16).hex(), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    def test_sm2(self):
        key = bytes.fromhex("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
                            "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
        signature = bytes.fromhex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
                                  "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
        r, s = signature[:32], signature[32:]
        message, n = b"message digest", v.SM2_N.to_bytes(32, "big")
        self.assertEqual(sm2_key(SM2_SECRET), key)
        self.assertTrue(v.sm2_verify(key, message, signature))
        self.assertFalse(v.sm2_verify(key, message + b".", signature))
        for bad in (bytes(32) + s, r + bytes(32), n + s, r + n, s + r, signature + b"\0", signature[:63],
                    r + (v.SM2_N - int.from_bytes(r, "big")).to_bytes(32, "big")):
            self.assertFalse(v.sm2_verify(key, message, bad))
        for bad in (b"\x02" + key[1:], key[:-1], key + b"\0", key[:-1] + b"\x14", b"\x04" + bytes(64)):
            self.assertFalse(v.sm2_verify(bad, message, signature))

    def test_sm2_ranges(self):
        # No message is known whose digest leads to such values, so the digest is put in their place.
        def verifies(point, r, s, shift_r=0, shift_s=0):
            n = v.SM2_N
            x = v.multiply(v.sm2_add, None, s, v.SM2_G, (r + s) % n, point)[0]
            key = b"\x04" + b"".join(c.to_bytes(32, "big") for c in point)
            signature = b"".join(c.to_bytes(32, "big") for c in (r + shift_r, s + shift_s))
            with mock.patch.object(v, "sm2_digest", lambda *_: (r - x) % n):
                return v.sm2_verify(key, b"", signature)
        point, n = sm2_times_base(SM2_SECRET), v.SM2_N
        self.assertTrue(verifies(point, 5, 7))
        self.assertTrue(verifies(point, n - 1, n - 1))
        for refused in ((5, 7, n, 0), (5, 7, 0, n), (0, 7), (5, 0), (5, n - 5)):
            self.assertFalse(verifies(point, *refused))
        self.assertFalse(verifies((point[0], point[1] ^ 1), 5, 7))
        # sm2p256v1 has a point with x = 0, for b is a square; 0 + p still fits into 32 bytes.
        y = pow(v.SM2_B, (v.SM2_P + 1) // 4, v.SM2_P)
        self.assertTrue(verifies((0, y), 5, 7))
        self.assertFalse(verifies((v.SM2_P, y), 5, 7))

    def test_ed25519(self):
        for seed, key, message, signature in (
            ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
             "d25bf5f0595bbe24655141438e7a100b"),
            ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
             "387b2eaeb4302aeeb00d291612bb0c00"),
            ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
             "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
             "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
             "4a7c15e9716ed28dc027beceea1ec40a"),
        ):
            seed, key, message, signature = map(bytes.fromhex, (seed, key, message, signature))
            self.assertEqual((ed25519_key(seed), ed25519_sign(seed, message)), (key, signature))
            self.assertTrue(v.ed25519_verify(key, message, signature))
            self.assertFalse(v.ed25519_verify(key, message + b".", signature))
            s = int.from_bytes(signature[32:], "little")
            for bad in (signature[:32] + (s + v.ED_L).to_bytes(32, "little"), signature[:63], signature + b"\0"):
                self.assertFalse(v.ed25519_verify(key, message, bad))

    def test_ed25519_points(self):
        one, p = (1).to_bytes(32, "little"), v.ED_P
        sign = bytes(31) + b"\x80"
        self.assertEqual(v.ed_decode(one), v.ED_ZERO)
        for bad in ((p + 1).to_bytes(32, "little"), p.to_bytes(32, "little"), b"\xff" * 32,
                    bytes(a | b for a, b in zip(one, sign)), (2).to_bytes(32, "little")):
            self.assertIsNone(v.ed_decode(bad))
        # R = the neutral point and s = 0 satisfy the equation for a key of small order.
        for weak in (one, (p - 1).to_bytes(32, "little"), bytes(32), sign,
                     bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")):
            self.assertIsNotNone(v.ed_decode(weak))
            self.assertFalse(any(v.ed25519_verify(weak, b"%d" % i, one + bytes(32)) for i in range(16)))

    def test_trees(self):
        self.assertEqual(root(v.sha256, LEAVES).hex(),
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
        for size in range(1, 20):
            leaves = [b"%d" % i for i in range(size)]
            top = root(v.sha256, leaves)
            for index in range(size):
                path = audit_path(v.sha256, index, leaves)
                start = v.sha256(b"\x00" + leaves[index])
                for i in range(size):
                    self.assertEqual(v.leads_to_root(v.sha256, start, i, size, path, top), i == index)
                self.assertFalse(v.leads_to_root(v.sha256, start, index, size, path + [top], top))
                if path:
                    self.assertFalse(v.leads_to_root(v.sha256, start, index, size, path[:-1], top))
                    # A node is no leaf: the path must not begin above the leaves.
                    above = [v.sha256(b"\x01" + start + path[0]), v.sha256(b"\x01" + path[0] + start)]
                    self.assertFalse(any(v.leads_to_root(v.sha256, a, index, size, path[1:], top) for a in above))
        # The last of four leaves is to the right at each step, as if it stood beyond a tree of one.
        leaves = LEAVES[:4]
        start, path = v.sha256(b"\x00" + leaves[3]), audit_path(v.sha256, 3, leaves)
        self.assertFalse(v.leads_to_root(v.sha256, start, 0, 1, path, root(v.sha256, leaves)))


class Receipts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = make_keys()
        cls.checkpoint = make_checkpoint()
        cls.receipt = make_receipt(leaf_lines(7), cls.checkpoint)
        # The same key, text and signature come again in most tests.
        for name in ("ed25519_verify", "sm2_verify"):
            patch = mock.patch.object(v, name, functools.cache(getattr(v, name)))
            patch.start()
            cls.addClassCleanup(patch.stop)

    def refused(self, receipt, keys=None, why=""):
        with self.assertRaisesRegex(v.Refused, why):
            v.verify(receipt, self.keys if keys is None else keys)

    def test_good(self):
        report = v.verify(make_receipt(leaf_lines(2) + leaf_lines(5), self.checkpoint), self.keys)
        self.assertEqual(report, [
            f"leaf {i} of {ORIGIN}, 8 leaves, signed 2026-11-22T10:00:00Z: {len(LEAVES[i])} bytes, "
            f"sm3 {v.sm3(bytes(1) + LEAVES[i]).hex()}" for i in (2, 5)])
        for size in (1, 2, 3, 5, 7):
            leaves = LEAVES[:size]
            lines = [line for i in range(size) for line in leaf_lines(i, leaves)]
            self.assertEqual(len(v.verify(make_receipt(lines, make_checkpoint(leaves)), self.keys)), size)

    def test_every_bit(self):
        v.verify(self.receipt, self.keys)
        for data, check in ((self.receipt, self.refused), (self.keys, lambda d: self.refused(self.receipt, d))):
            for position in range(len(data)):
                for bit in range(8):
                    changed = bytearray(data)
                    changed[position] ^= 1 << bit
                    check(bytes(changed))

    def test_every_byte_more_or_less(self):
        for data, check in ((self.receipt, self.refused), (self.keys, lambda d: self.refused(self.receipt, d))):
            for i in range(len(data)):
                check(data[:i])
                check(data[:i] + data[i + 1:])
                for more in b" \n\r\t=0A\0\xff":
                    check(data[:i] + bytes([more]) + data[i:])
            for more in b"\n \0A":
                check(data + bytes([more]))
            check(data.replace(b"\n", b"\r\n"))
            check(b"\xef\xbb\xbf" + data)
            check(data + data)

    def test_base64_bits(self):
        # The last character before the padding has bits that hold nothing.
        alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        before_padding = re.compile(rb"[^=](?==+\n)")
        for i in (match.start() for match in before_padding.finditer(self.receipt)):
            last = alphabet[alphabet.index(self.receipt[i]) ^ 1]
            self.refused(self.receipt[:i] + bytes([last]) + self.receipt[i + 1:], why="exact form")
        for i in (match.start() for match in before_padding.finditer(self.keys)):
            last = alphabet[alphabet.index(self.keys[i]) ^ 1]
            self.refused(self.receipt, self.keys[:i] + bytes([last]) + self.keys[i + 1:], why="exact form")
        self.refused(self.receipt.replace(b"=", b""))

    def test_leaves(self):
        note = self.checkpoint
        one, two = leaf_lines(2), leaf_lines(5)
        for lines in ([], two + one, one + one, one[:-1], one[:4], one[:1], one[1:], one + [""], [""] + one,
                      one[:1] + one[4:] + one[1:4],                   # sm3 before sha256
                      one[:1] + one[1:3] + one[4:6],                  # both paths too short
                      one[:4] + one[3:] + one[-1:],                   # both paths too long
                      one[:1] + [one[2], one[1]] + one[3:],           # another order
                      [one[0].replace("leaf 2", "leaf 3")] + one[1:],
                      [one[0].replace("leaf 2", "leaf 02")] + one[1:],
                      [one[0].replace("leaf 2", "leaf +2")] + one[1:],
                      [one[0].replace("leaf 2", "leaf \u0662")] + one[1:],
                      [one[0].replace("leaf 2", "leaf 10")] + one[1:],
                      [one[0].replace("leaf 2", "leaf " + "9" * 9999)] + one[1:],
                      [one[0].replace("leaf", "Leaf")] + one[1:], [one[0] + " "] + one[1:]):
            self.refused(make_receipt(lines, note))
        self.refused(self.receipt.replace(b"receipt 1", b"receipt 2"), why="first line")

    def test_leaf_beyond_the_tree(self):
        self.refused(make_receipt([leaf_lines(0, LEAVES[:1])[0].replace("leaf 0", "leaf 1")],
                                  make_checkpoint(LEAVES[:1])), why="not in a tree")
        self.refused(make_receipt(["leaf 0 "], make_checkpoint([])), why="not in a tree")

    def test_signed_but_of_wrong_form(self):
        text = self.checkpoint.partition("\n\n")[0] + "\n"
        lines = leaf_lines(7)
        v.verify(make_receipt(lines, make_checkpoint(text=text)), self.keys)
        for old, new in (("\n8\n", "\n08\n"), ("\n8\n", "\n 8\n"), ("\n8\n", "\n7\n"), ("\n8\n", "\n9\n"),
                         ("\n8\n", "\n99999999999999999999\n"), ("\n8\n", "\n-8\n"), ("\n8\n", "\n\u0668\n"),
                         ("time ", "time 0"), ("time ", "time -"), ("time ", "time  "), ("time ", "Time "),
                         ("sm3 ", "sm3  "), ("sm3 ", "sha256 "), ("sm3 ", ""), ("\n8", "\r\n8"),
                         ("time 1", "more\ntime 1"), ("tongban/", "Tongban/"), ("/1\n", "/2\n"), ("/1\n", "/01\n")):
            self.assertIn(old, text)
            self.refused(make_receipt(lines, make_checkpoint(text=text.replace(old, new))))

    def test_signature_lines(self):
        *text, ed25519, sm2, end = self.checkpoint.split("\n")
        lines = leaf_lines(7)
        v.verify(make_receipt(lines, "\n".join([*text, ed25519, sm2, end])), self.keys)
        for signatures in ([], [ed25519], [sm2], [sm2, ed25519], [ed25519, ed25519], [sm2, sm2], [ed25519, sm2, sm2],
                           [ed25519, sm2, ""], [ed25519, "", sm2], [ed25519.replace("\u2014", "-"), sm2],
                           [ed25519.replace("\u2014 ", "\u2014\u00a0"), sm2],
                           [ed25519.replace("/1 ", "/2 "), sm2]):
            self.refused(make_receipt(lines, "\n".join([*text, *signatures, end])))
        other = make_checkpoint(time=TIME + 1).split("\n")
        self.refused(make_receipt(lines, "\n".join([*text, other[6], sm2, end])), why="ed25519_verify")
        self.refused(make_receipt(lines, "\n".join([*text, ed25519, other[7], end])), why="sm2_verify")

    def test_keys(self):
        first, second = self.keys.splitlines(keepends=True)
        others = make_keys("tongban/320500/2").splitlines(keepends=True)
        for keys in (b"", first, second, second + first, first + first, first + second + second, first + others[1],
                     others[0] + second, b"".join(others), self.keys[:-1], self.keys + b"\n",
                     first.upper() + second, first.replace(b"tongban", b"tongbar") + second):
            self.refused(self.receipt, keys)
        # Keys of the wrong type, and an id that is not that of the key, even when the checkpoint has them as well.
        good = typed_keys()
        wrong_type = [(hashlib.sha256(ORIGIN.encode() + b"\n\2" + good[0][1][1:]).digest()[:4], b"\2" + good[0][1][1:]),
                      good[1]]
        wrong_id = [good[0], (bytes(4), good[1][1])]
        for keys, why in ((good, None), (wrong_type, "type"), (wrong_id, "belong")):
            with mock.patch(f"{__name__}.typed_keys", lambda *_: keys):
                receipt, published = make_receipt(leaf_lines(7), make_checkpoint()), make_keys()
            self.refused(receipt, published, why) if why else v.verify(receipt, published)
        # A receipt of another epoch is good with the keys of that epoch only.
        receipt = make_receipt(leaf_lines(7), make_checkpoint(origin="tongban/320500/2"))
        self.refused(receipt, why="origin")
        self.assertEqual(len(v.verify(receipt, b"".join(others))), 1)

    def test_time(self):
        for time, shown in ((0, "1970-01-01T00:00:00Z"), (999999, "1970-01-01T00:00:00Z"),
                            (2**64 - 1, "18446744073709551615 microseconds")):
            report = v.verify(make_receipt(leaf_lines(1), make_checkpoint(time=time)), self.keys)
            self.assertIn(f"signed {shown}", report[0])
        self.refused(make_receipt(leaf_lines(1), make_checkpoint(time=2**64)), why="64 bits")

    def test_size(self):
        self.refused(b"\n" * (v.MAX_BYTES + 1), why="16 MiB")
        self.refused(b"\n" * v.MAX_BYTES, why="first line")
        start = b"tongban-receipt 1\nleaf 0 "
        for filler in (b"A", b"\n", b" ", b"=", b"\xff", b"leaf 0 \n", b"checkpoint\n", b"sm3 "):
            self.refused((start + filler * v.MAX_BYTES)[:v.MAX_BYTES])

    def test_noise(self):
        # Parts of good receipts in any order: every reason is a Refused and no other exception.
        pieces, dice = self.receipt.splitlines(keepends=True) + [b"\xe2\x80", b"\0", b" ", b"\n"], random.Random(1)
        for _ in range(2000):
            self.refused(b"".join(dice.choices(pieces, k=dice.randrange(25))))
            self.refused(pieces[0] + dice.randbytes(40) + b"\ncheckpoint\n" + self.checkpoint.encode())


class Program(unittest.TestCase):
    def run_program(self, *contents):
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for i, content in enumerate(contents):
                names.append(os.path.join(folder, str(i)))
                if content is not None:
                    with open(names[-1], "wb") as file:
                        file.write(content)
            return subprocess.run([sys.executable, PROGRAM, *names], capture_output=True, text=True, timeout=60)

    def test_program(self):
        receipt, keys = make_receipt(leaf_lines(3) + leaf_lines(4), make_checkpoint()), make_keys()
        done = self.run_program(receipt, keys)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.splitlines(), v.verify(receipt, keys))
        for contents in ((), (receipt,), (receipt, None), (None, keys), (keys, receipt), (receipt + b"\n", keys),
                         (b"\xff\x00", b"\xff"), (b"", b""), (receipt, keys, keys)):
            done = self.run_program(*contents)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
            self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
