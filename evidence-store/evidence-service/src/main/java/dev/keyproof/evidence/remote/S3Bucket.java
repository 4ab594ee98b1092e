package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.config.S3Place;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket of an S3 server. */
final class S3Bucket implements Bucket {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration WITH_RETRIES = Duration.ofSeconds(60);

    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private final S3Client s3;
    private final S3Place place;

    private S3Bucket(S3Client s3, S3Place place) {
        this.s3 = s3;
        this.place = place;
    }

    /** Nothing is asked of the server yet. */
    static S3Bucket open(S3Place place, Optional<URI> endpoint, String region, Optional<Path> credentials)
            throws EvidenceException {
        S3ClientBuilder client = S3Client.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ANSWER))
                .overrideConfiguration(settings -> settings.apiCallTimeout(WITH_RETRIES))
                // Each object goes with its own digest and is read back.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        endpoint.ifPresent(url -> client.endpointOverride(url).forcePathStyle(true));
        return new S3Bucket(client.build(), place);
    }

    private static AwsCredentialsProvider credentials(Optional<Path> file) throws EvidenceException {
        if (file.isEmpty()) {
            return EnvironmentVariableCredentialsProvider.create();
        }
        if (!Files.isReadable(file.get())) {
            throw new EvidenceException("the credentials for the bucket in " + file.get() + " cannot be read");
        }
        return ProfileCredentialsProvider.builder()
                .profileName("default")
                .profileFile(ProfileFileSupplier.reloadWhenModified(file.get(), ProfileFile.Type.CREDENTIALS))
                .build();
    }

    @Override
    public String name() {
        return place.toString();
    }

    @Override
    public Optional<Version> create(String key, byte[] content, Instant until) throws EvidenceException {
        return asked(() -> {
            try {
                return Optional.of(version(
                        key,
                        s3.putObject(
                                request(key, content, Optional.of(until))
                                        .ifNoneMatch("*")
                                        .build(),
                                RequestBody.fromBytes(content))));
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Version put(String key, byte[] content, Optional<Instant> until) throws EvidenceException {
        return asked(() ->
                version(key, s3.putObject(request(key, content, until).build(), RequestBody.fromBytes(content))));
    }

    private PutObjectRequest.Builder request(String key, byte[] content, Optional<Instant> until) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(place.bucket())
                .key(place.prefix() + key)
                .contentMD5(Base64.getEncoder().encodeToString(md5(content)));
        until.ifPresent(end -> request.objectLockMode(ObjectLockMode.COMPLIANCE).objectLockRetainUntilDate(end));
        return request;
    }

    private Version version(String key, PutObjectResponse response) throws EvidenceException {
        String id = response.versionId();
        if (id == null || id.isEmpty() || id.equals("null")) {
            throw new NoVersionsException(
                    name() + " gives no version ids: it keeps no versions, so nothing in it is locked");
        }
        return new Version(key, id);
    }

    @Override
    public Stored get(Version version) throws EvidenceException {
        return asked(() -> stored(version.key(), object(version.key()).versionId(version.id())));
    }

    /** Asked for by itself: not every server says it with the object. */
    @Override
    public Optional<Instant> lockedUntil(Version version) throws EvidenceException {
        return asked(() -> {
            try {
                ObjectLockRetention retention = s3.getObjectRetention(request -> request.bucket(place.bucket())
                                .key(place.prefix() + version.key())
                                .versionId(version.id()))
                        .retention();
                return retention != null && retention.mode() == ObjectLockRetentionMode.COMPLIANCE
                        ? Optional.ofNullable(retention.retainUntilDate())
                        : Optional.empty();
            } catch (S3Exception e) {
                // Amazon's own answers 404 where there is no retention, others 400.
                if (e.statusCode() == NOT_FOUND || e.statusCode() == BAD_REQUEST) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<Stored> newest(String key) throws EvidenceException {
        return asked(() -> {
            try {
                return Optional.of(stored(key, object(key)));
            } catch (S3Exception e) {
                if (e.statusCode() == NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private GetObjectRequest.Builder object(String key) {
        return GetObjectRequest.builder().bucket(place.bucket()).key(place.prefix() + key);
    }

    private Stored stored(String key, GetObjectRequest.Builder request) throws EvidenceException {
        try (ResponseInputStream<GetObjectResponse> in = s3.getObject(request.build())) {
            GetObjectResponse response = in.response();
            Version version = new Version(key, String.valueOf(response.versionId()));
            return new Stored(version, in.readAllBytes());
        } catch (IOException e) {
            throw new EvidenceException(name() + ": " + key + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void versions(String prefix, Sight sight) throws EvidenceException {
        asked(() -> {
            for (var page : s3.listObjectVersionsPaginator(listing(prefix).build())) {
                for (var one : page.versions()) {
                    sight.of(new Version(one.key().substring(place.prefix().length()), one.versionId()));
                }
            }
            return true;
        });
    }

    @Override
    public List<String> folders(String prefix) throws EvidenceException {
        return asked(() -> {
            List<String> folders = new ArrayList<>();
            int begin = place.prefix().length() + prefix.length();
            for (var page : s3.listObjectVersionsPaginator(
                    listing(prefix).delimiter("/").build())) {
                for (var one : page.commonPrefixes()) {
                    folders.add(one.prefix().substring(begin, one.prefix().length() - 1));
                }
            }
            return folders.stream().distinct().sorted().toList();
        });
    }

    private ListObjectVersionsRequest.Builder listing(String prefix) {
        return ListObjectVersionsRequest.builder().bucket(place.bucket()).prefix(place.prefix() + prefix);
    }

    @Override
    public boolean delete(Version version) throws EvidenceException {
        return accepted(() -> s3.deleteObject(request -> request.bucket(place.bucket())
                .key(place.prefix() + version.key())
                .versionId(version.id())));
    }

    @Override
    public boolean attack(Attack attack, Version locked, Instant until) throws EvidenceException {
        return switch (attack) {
            case DELETE -> delete(locked);
            case DELETE_BYPASSING ->
                accepted(() -> s3.deleteObject(request -> request.bucket(place.bucket())
                        .key(place.prefix() + locked.key())
                        .versionId(locked.id())
                        .bypassGovernanceRetention(true)));
            case DELETE_BATCH -> deleteBatch(locked);
            case SHORTEN -> retain(locked, ObjectLockRetentionMode.COMPLIANCE, until);
            case TO_GOVERNANCE -> retain(locked, ObjectLockRetentionMode.GOVERNANCE, until);
            case CLEAR ->
                accepted(() -> s3.putObjectRetention(request -> request.bucket(place.bucket())
                        .key(place.prefix() + locked.key())
                        .versionId(locked.id())
                        .bypassGovernanceRetention(true)
                        .retention(ObjectLockRetention.builder().build())));
        };
    }

    private boolean retain(Version locked, ObjectLockRetentionMode mode, Instant until) throws EvidenceException {
        return accepted(() -> s3.putObjectRetention(request -> request.bucket(place.bucket())
                .key(place.prefix() + locked.key())
                .versionId(locked.id())
                .bypassGovernanceRetention(true)
                .retention(retention -> retention.mode(mode).retainUntilDate(until))));
    }

    /** A batch is answered with 200 and one result for each object. */
    private boolean deleteBatch(Version locked) throws EvidenceException {
        return asked(() -> {
            try {
                DeleteObjectsResponse response = s3.deleteObjects(request -> request.bucket(place.bucket())
                        .bypassGovernanceRetention(true)
                        .delete(batch -> batch.objects(ObjectIdentifier.builder()
                                .key(place.prefix() + locked.key())
                                .versionId(locked.id())
                                .build())));
                return response.errors().isEmpty();
            } catch (S3Exception e) {
                return !refused(e);
            }
        });
    }

    private interface Call {
        Object run();
    }

    private boolean accepted(Call call) throws EvidenceException {
        return asked(() -> {
            try {
                call.run();
                return true;
            } catch (S3Exception e) {
                return !refused(e);
            }
        });
    }

    /** Servers differ: 403 AccessDenied as Amazon's own, or 400 InvalidRequest or MalformedXML. Anything else is no answer. */
    private static boolean refused(S3Exception e) {
        if (e.statusCode() == FORBIDDEN || e.statusCode() == BAD_REQUEST) {
            return true;
        }
        throw e;
    }

    private interface Asking<T> {
        T ask() throws EvidenceException;
    }

    private <T> T asked(Asking<T> asking) throws EvidenceException {
        try {
            return asking.ask();
        } catch (SdkException e) {
            throw new EvidenceException(name() + ": " + line(e), e);
        }
    }

    private static String line(SdkException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without MD5", e);
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
