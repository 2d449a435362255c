/** The records of a ZIP file that writer and reader share (APPNOTE.TXT 4.3). Sizes beyond 4 GiB are ZIP64. */
export const LOCAL_HEADER = 0x04034b50;
export const DATA_DESCRIPTOR = 0x08074b50;
export const CENTRAL_HEADER = 0x02014b50;
export const END = 0x06054b50;
export const ZIP64_END = 0x06064b50;
export const ZIP64_LOCATOR = 0x07064b50;

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_BYTES = 22;
export const ZIP64_END_BYTES = 56;
export const ZIP64_LOCATOR_BYTES = 20;

export const STORED = 0;
export const DEFLATED = 8;

/** Stands in a 32-bit (16-bit) field whose value is in the ZIP64 record instead. */
export const MAX_32 = 0xffff_ffff;
export const MAX_16 = 0xffff;
export const ZIP64_EXTRA = 0x0001;

/** Names are UTF-8; checksum and sizes follow the data. */
export const FLAGS = (1 << 11) | (1 << 3);

export type ZipEntry = {
  name: string;
  method: number;
  crc32: number;
  compressedBytes: number;
  sizeBytes: number;
  /** Where its local header begins. */
  offset: number;
};

/** A record from fields of `[bytes, value]`, little-endian. */
export function record(...fields: [bytes: 2 | 4 | 8, value: number][]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, bytes);
    at += bytes;
  }
  return buffer;
}
