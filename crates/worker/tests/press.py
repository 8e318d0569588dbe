"""Stands in for the program that sets documents; its one argument says how it behaves."""
import struct, sys, time

how, source, sink = sys.argv[1], sys.stdin.buffer, sys.stdout.buffer
sheets = 0
while head := source.read(4):
    sheet = source.read(struct.unpack(">I", head)[0])
    sheets += 1
    if how == "slow":
        time.sleep(60)
    if how == "dies" and sheets > 2:
        sys.exit(3)
    refused = how == "refuses"
    answer = "字体缺少“𠮷”".encode() if refused else b"%PDF-1.7 " + sheet
    sink.write(struct.pack(">BI", 1 if refused else 0, len(answer)) + answer)
    if not refused:
        # An OFD package with nothing in it.
        empty = b"PK\x05\x06" + bytes(18)
        sink.write(struct.pack(">I", len(empty)) + empty)
    sink.flush()
