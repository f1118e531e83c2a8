# SPDX-License-Identifier: Apache-2.0
"""Certificates that live as long as one run: an authority, and what it signs."""

import subprocess

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*command, cwd):
    subprocess.run(["openssl", *command], cwd=cwd, check=True, capture_output=True)


def make_authority(work):
    """ca.crt and ca.key."""
    openssl("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.crt", cwd=work)


def issue(work, name, subject_alternative_name):
    """NAME.crt and NAME.key, signed by the authority of the directory; of a name such as DNS:server.test."""
    with open(f"{work}/{name}.ext", "w", encoding="ascii") as extensions:
        extensions.write(f"subjectAltName={subject_alternative_name}\n")
    openssl("req", *KEY, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr", cwd=work)
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", f"{name}.ext", "-out", f"{name}.crt", cwd=work)
