package io.sluice.lake.s3;

import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** An object to write, once. Whether it is there already is found out when it is closed. */
record S3OutputFile(S3Store store, S3Location at) implements OutputFile {

  @Override
  public PositionOutputStream create() {
    return new S3OutputStream(new S3Upload(store, at, true));
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new S3OutputStream(new S3Upload(store, at, false));
  }

  @Override
  public String location() {
    return at.toString();
  }

  @Override
  public InputFile toInputFile() {
    return new S3InputFile(store, at, location());
  }
}
