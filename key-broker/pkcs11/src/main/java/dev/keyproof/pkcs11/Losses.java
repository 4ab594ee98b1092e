package dev.keyproof.pkcs11;

/** Which failures are a token's, so that another of the same group may do better. Every other is an answer, and the same everywhere. */
final class Losses {
    private Losses() {}

    static boolean isLoss(TokenException e) {
        return switch (e) {
            case TokenException.DeviceError error -> Ckr.LOST.contains(error.ckr()) || Ckr.BROKEN.contains(error.ckr());
            case TokenException.TokenNotPresent absent -> true;
            case TokenException.ModuleMissing missing -> true;
            case TokenException.WrongPin pin -> true;
            case TokenException.PinLocked pin -> true;
            case TokenException.Closed closed -> true;
            default -> false;
        };
    }

    /** Whether only a new opening can mend it. A lost session is mended by a new login, and a refused PIN by its owner. */
    static boolean needsOpening(TokenException e) {
        return switch (e) {
            case TokenException.DeviceError error -> Ckr.BROKEN.contains(error.ckr());
            case TokenException.TokenNotPresent absent -> true;
            case TokenException.ModuleMissing missing -> true;
            case TokenException.Closed closed -> true;
            default -> false;
        };
    }
}
