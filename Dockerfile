# Trains, draws and judges on the CPU:
#   docker build -t ganprofile .
#   docker run --rm -v "$PWD:/data" ganprofile sample digits-cgan --text 2026
# Not tested: no daemon was at hand.
FROM python:3.12-slim

COPY . /src
RUN pip install --no-cache-dir '/src[capture]' && rm -r /src
# Yours are the files that it writes: docker run --user "$(id -u):$(id -g)"
ENV GANPROFILE_HOME=/data/.ganprofile MPLCONFIGDIR=/tmp TF_CPP_MIN_LOG_LEVEL=3
WORKDIR /data
ENTRYPOINT ["ganprofile"]
