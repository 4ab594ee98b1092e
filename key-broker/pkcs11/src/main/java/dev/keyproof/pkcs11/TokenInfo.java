package dev.keyproof.pkcs11;

/**
 * What a device says of itself.
 *
 * @param label the token's label
 * @param manufacturer its maker
 * @param model its model
 * @param serial its serial number
 * @param shards how many copies of its module work on it here
 */
public record TokenInfo(String label, String manufacturer, String model, String serial, int shards) {}
