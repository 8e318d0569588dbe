// The smallest files of each kind that are what their names say.

const zip = (name) => {
  const entry = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(entry.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(entry.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + entry.length, 12);
  end.writeUInt32LE(local.length + entry.length, 16);
  return Buffer.concat([local, entry, central, entry, end]);
};

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const CONTENT = {
  pdf: () => Buffer.from(PDF),
  png: () => Buffer.from(PNG, "base64"),
  jpg: () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9]),
  dwg: () => Buffer.concat([Buffer.from("AC1032"), Buffer.alloc(64)]),
  dxf: () => Buffer.from("0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nEOF\n"),
  txt: () => Buffer.from("1,3465000.000,40512000.000\n"),
  zip: () => zip("图纸.txt"),
  ofd: () => zip("OFD.xml"),
  docx: () => zip("[Content_Types].xml"),
  xlsx: () => zip("[Content_Types].xml"),
};

/** A file called `name`, with the content its ending promises (or that of another ending). */
export function file(name, content = name.split(".").pop()) {
  return { name, mimeType: "application/octet-stream", buffer: CONTENT[content]() };
}

/** A file that a slot takes, by its `accept`. Rare kinds first, so that every check is met. */
export function fitting(accept, name) {
  const endings = accept.split(",").map((ending) => ending.trim().replace(".", ""));
  const ending = ["dwg", "dxf", "png", "zip", "xlsx", "docx", "ofd", "jpg", "pdf"].find((one) => endings.includes(one)) ?? endings[0];
  return file(`${name.replace(/[\\/:*?"<>|]/g, " ").slice(0, 30)}.${ending}`);
}

export const empty = (name) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.alloc(0) });
