package io.sluice.bench.fuzz;

import io.sluice.bench.fuzz.mutate.ByteMutator;
import io.sluice.bench.fuzz.mutate.WireMutator;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * The wire decoder, against protobuf-java: it takes what that takes, and rows of it become the same
 * messages again. Inputs are {@link SignalInput}s.
 */
final class DecoderTarget implements FuzzTarget {

  private static final int INPUTS_PER_CHECK = 1_000;

  private final Corpus corpus;
  private final WireMutator fields = new WireMutator();
  private final ByteMutator bytes = new ByteMutator();
  private final DecodeOracle oracle = new DecodeOracle();
  private DecoderUnderTest decoder = new DecoderUnderTest();

  DecoderTarget(Corpus corpus) {
    this.corpus = corpus;
  }

  @Override
  public String name() {
    return "decoder";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    Signal signal = SignalInput.any(random);
    byte[] request = corpus.protobuf(signal, random);
    int how = random.nextInt(10);
    if (how == 0) {
      // as protobuf has it, another signal's request is one of unknown and known fields
      request = corpus.protobuf(SignalInput.any(random), random);
    }
    if (how < 8) {
      byte[] donor = corpus.protobuf(signal, random);
      request = fields.mutate(request, donor, TextAsBytes.strict(signal), random);
    }
    if (how > 6) {
      request = bytes.mutate(request, random);
    }
    return new SignalInput(signal, request).bytes();
  }

  @Override
  public Verdict feed(byte[] input) throws Finding {
    SignalInput of = SignalInput.parse(input);
    try {
      boolean taken = oracle.judge(of.signal(), of.request(), decoder);
      decoder.checkNext();
      return taken ? Verdict.ACCEPTED : Verdict.REJECTED;
    } catch (Finding | RuntimeException | Error e) {
      decoder = new DecoderUnderTest(); // the old one may hold rows that nobody gives back
      throw e;
    }
  }

  @Override
  public int inputsPerCheck() {
    return INPUTS_PER_CHECK;
  }

  /** All memory is given back. */
  @Override
  public void check() throws IOException, Finding {
    DecoderUnderTest before = decoder;
    decoder = new DecoderUnderTest();
    before.checkClosed();
  }

  @Override
  public void close() throws Finding {
    decoder.checkClosed();
  }
}
