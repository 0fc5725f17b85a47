"""A small authority: certificates for a server and for gateways with SPIFFE ids."""

import base64
import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class Authority:
    def __init__(self, name, parent=None):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.certificate = (parent or self).sign(
            self.name, self.key.public_key(), [(x509.BasicConstraints(True, None), True), (usage(sign=True), True)])

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, subject, key, extensions, lifetime=3600):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + datetime.timedelta(seconds=lifetime))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, *names, authority=False, subject="leaf", uses=None, lifetime=3600):
        """A key and a certificate for it, both in PEM. Without a subject, the names are critical (RFC 5280, 4.1.2.6)."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions = [(x509.SubjectAlternativeName(list(names)), not subject), (x509.BasicConstraints(authority, None), True), (usage(sign=authority), True)]
        if uses is not None:
            extensions.append((x509.ExtendedKeyUsage(uses), False))
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)] if subject else [])
        certificate = self.sign(subject, key.public_key(), extensions, lifetime)
        return pem(key), certificate.public_bytes(serialization.Encoding.PEM)


def usage(sign):
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False, key_cert_sign=sign,
        crl_sign=sign, encipher_only=False, decipher_only=False)


def spiffe(path, domain="example.org"):
    return x509.UniformResourceIdentifier(f"spiffe://{domain}/{path}")


def thumbprint(certificate):
    """RFC 8705, 3.1."""
    digest = x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def loopback():
    return [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
